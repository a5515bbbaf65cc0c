//! A table of matters from another system: CSV or an Excel workbook, read into rows of named cells.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
};

use calamine::{Data, Reader as _, Xlsx};
use chassis::http::Problem;
use contracts::problems::intake;
use policy::sections::intake::Import;

/// What kind of file a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, UTF-8.
    Csv,
    /// An Excel workbook; its first sheet is read.
    Workbook,
}

/// The kind of file with this media type.
///
/// # Errors
/// `import-unreadable`.
pub fn kind(media_type: &str) -> Result<Kind, Problem> {
    match media_type.split(';').next().unwrap_or_default().trim() {
        "text/csv" => Ok(Kind::Csv),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Ok(Kind::Workbook),
        _ => Err(unreadable(
            "应为 CSV(text/csv)或 Excel 工作簿(xlsx)",
            "It must be CSV (text/csv) or an Excel workbook (xlsx)",
        )),
    }
}

/// A row: its number in the file, the first after the heading being 2, and its cells by the code of their column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Number of the row in the file.
    pub number: usize,
    /// Cells that are not empty, by the code of their column.
    pub cells: BTreeMap<String, String>,
}

impl Row {
    /// A cell, when it is not empty.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }

    /// A cell; empty when there is none.
    #[must_use]
    pub fn text(&self, column: &str) -> String {
        self.get(column).unwrap_or_default().to_owned()
    }
}

/// Reads a file.
///
/// # Errors
/// `import-unreadable`, `import-column-missing`, `import-too-large`.
pub fn read(policy: &Import, kind: Kind, content: &[u8]) -> Result<Vec<Row>, Problem> {
    let table = match kind {
        Kind::Csv => csv_rows(content)?,
        Kind::Workbook => workbook_rows(policy, content)?,
    };
    let mut lines = table.into_iter();
    let (_, heading) = lines.next().unwrap_or_default();
    let columns = columns(policy, &heading)?;
    let mut rows = Vec::new();
    for (number, line) in lines {
        let named = columns.iter().zip(line);
        let cells: BTreeMap<String, String> = named
            .filter_map(|(code, cell)| {
                let cell = cell.trim();
                Some((code.clone()?, cell.to_owned())).filter(|_| !cell.is_empty())
            })
            .collect();
        if cells.is_empty() {
            continue;
        }
        if rows.len() == policy.rows_max {
            return Err(too_many(policy));
        }
        rows.push(Row { number, cells });
    }
    Ok(rows)
}

/// The code of each column, by its code or its name; none for a column that is not taken.
fn columns(policy: &Import, heading: &[String]) -> Result<Vec<Option<String>>, Problem> {
    let found: Vec<_> = heading
        .iter()
        .map(|title| code(policy, title).map(str::to_owned))
        .collect();
    for column in policy.columns.iter().filter(|column| column.required) {
        if !found.iter().flatten().any(|code| *code == column.code) {
            let (code, name) = (&column.code, &column.name.zh);
            return Err(Problem::new(&intake::IMPORT_COLUMN_MISSING).detail(
                format!("缺少列:{name}({code})"),
                format!("There is no column {code}"),
            ));
        }
    }
    Ok(found)
}

/// The code of the column with this title: its code or one of its names.
fn code<'a>(policy: &'a Import, title: &str) -> Option<&'a str> {
    let title = title.trim();
    let named = policy
        .columns
        .iter()
        .find(|column| column.code == title || column.name.zh == title || column.name.en == title);
    named.map(|column| column.code.as_str())
}

/// Lines with their numbers, the heading first.
type Table = Vec<(usize, Vec<String>)>;

fn csv_rows(content: &[u8]) -> Result<Table, Problem> {
    let text = std::str::from_utf8(content)
        .map_err(|_| unreadable("CSV 文件应为 UTF-8 编码", "A CSV file must be UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let records = (1..).zip(reader.records()).map(|(number, record)| {
        let record = record.map_err(|_| unreadable("不是 CSV 文件", "It is no CSV file"))?;
        Ok((number, record.iter().map(str::to_owned).collect()))
    });
    records.collect()
}

/// The first sheet, cell by cell: only the columns the heading names are kept, and not more rows than are taken. A sheet may claim
/// any size.
fn workbook_rows(policy: &Import, content: &[u8]) -> Result<Table, Problem> {
    let broken = || unreadable("无法读取该工作簿", "The workbook cannot be read");
    let mut workbook = Xlsx::new(Cursor::new(content)).map_err(|_| broken())?;
    let sheet = workbook.sheet_names().into_iter().next();
    let sheet = sheet.ok_or_else(broken)?;
    let mut cells = workbook
        .worksheet_cells_reader(&sheet)
        .map_err(|_| broken())?;
    let mut heading_row = None;
    // Where each column of the heading is kept, and which columns there are: each once.
    let mut places: BTreeMap<u32, usize> = BTreeMap::new();
    let mut named = BTreeSet::new();
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    while let Some(found) = cells.next_cell().map_err(|_| broken())? {
        let (row, column) = found.get_position();
        let text = cell(&Data::from(found.get_value().clone()));
        if text.trim().is_empty() {
            continue;
        }
        let first = *heading_row.get_or_insert(row);
        if row == first && code(policy, &text).is_some_and(|code| named.insert(code)) {
            places.insert(column, places.len());
        }
        let Some(place) = places.get(&column) else {
            continue;
        };
        let line = rows.entry(row).or_default();
        line.resize(line.len().max(place + 1), String::new());
        if let Some(kept) = line.get_mut(*place) {
            *kept = text;
        }
        // The heading is one more.
        if rows.len() > policy.rows_max + 1 {
            return Err(too_many(policy));
        }
    }
    let number = |row: u32| usize::try_from(row).unwrap_or(usize::MAX).saturating_add(1);
    let rows = rows.into_iter().map(|(row, line)| (number(row), line));
    Ok(rows.collect())
}

fn too_many(policy: &Import) -> Problem {
    let max = policy.rows_max;
    Problem::new(&intake::IMPORT_TOO_LARGE).detail(
        format!("一次至多 {max} 行"),
        format!("At most {max} rows at once"),
    )
}

/// A cell as people read it: a whole number without a point.
fn cell(data: &Data) -> String {
    match data {
        Data::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        other => other.to_string(),
    }
}

fn unreadable(zh: &str, en: &str) -> Problem {
    Problem::new(&intake::IMPORT_UNREADABLE).detail(zh, en)
}

#[cfg(test)]
mod tests {
    use policy::PolicyPack;

    use super::*;

    fn rows(content: &str) -> Result<Vec<Row>, &'static str> {
        let pack = PolicyPack::embedded(&"6206".parse().unwrap()).unwrap();
        read(
            &pack.intake().import,
            kind("text/csv; charset=utf-8").unwrap(),
            content.as_bytes(),
        )
        .map_err(|problem| problem.code().code)
    }

    const HEADING: &str =
        "source_id,发生地区划代码,class,source,narrative,notice_version,applicant_name,别的列";

    #[test]
    fn columns_are_named_by_code_or_name_and_others_left_out() {
        let found = rows(&format!(
            "\u{feff}{HEADING}\nA1, 620602 ,dispute,department,\"多行\n文字\",1,张三,x\n,,,\nA2\n"
        ))
        .unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].number, found[0].get("region")),
            (2, Some("620602"))
        );
        assert_eq!(found[0].get("narrative"), Some("多行\n文字"));
        assert_eq!(found[0].cells.len(), 7);
        assert_eq!((found[1].number, found[1].text("region").as_str()), (4, ""));
    }

    #[test]
    fn a_workbook_reads_as_a_csv_file_does() {
        let pack = PolicyPack::embedded(&"6206".parse().unwrap()).unwrap();
        let content = include_bytes!("../../tests/fixtures/matters.xlsx");
        let found = read(&pack.intake().import, Kind::Workbook, content);
        let found = found.map_err(|problem| problem.code().code).unwrap();
        assert_eq!(found.len(), 1);
        let cells = ["source_id", "narrative", "amount_fen"].map(|code| found[0].get(code));
        assert_eq!(cells, [Some("X-1"), Some("欠款"), Some("500000")]);
    }

    #[test]
    fn a_sheet_that_claims_to_be_huge_takes_no_more_than_its_cells() {
        let pack = PolicyPack::embedded(&"6206".parse().unwrap()).unwrap();
        // A heading, a row, and one cell at the far end: XFD1048576.
        let content = include_bytes!("../../tests/fixtures/sparse.xlsx");
        let found = read(&pack.intake().import, Kind::Workbook, content);
        let found = found.map_err(|problem| problem.code().code).unwrap();
        let numbers: Vec<_> = found.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [4]);
        assert_eq!(found[0].get("source_id"), Some("S-1"));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(rows(""), Err("import-column-missing"));
        assert_eq!(rows("region,class\n"), Err("import-column-missing"));
        let long = format!("{HEADING}\n{}", "A1,620602\n".repeat(1001));
        assert_eq!(rows(&long), Err("import-too-large"));
        let pack = PolicyPack::embedded(&"6206".parse().unwrap()).unwrap();
        let policy = &pack.intake().import;
        for (kind, content) in [
            (Kind::Csv, b"\xc4\xe3".as_slice()),
            (Kind::Workbook, b"no workbook".as_slice()),
        ] {
            let code = read(policy, kind, content).map_err(|problem| problem.code().code);
            assert_eq!(code, Err("import-unreadable"), "{kind:?}");
        }
        assert!(kind("application/json").is_err());
    }
}
