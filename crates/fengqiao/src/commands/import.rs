//! `fengqiao import matters`: a table of another system through the API of a running node, part by part.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;
use serde_json::Value;

use crate::cli::ImportMatters;

/// Rows of a CSV file sent at once; below what the policy pack lets in one file.
const PART: usize = 200;
/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(120);

/// What became of a part.
#[derive(Debug, Default, Deserialize)]
struct Report {
    rows: usize,
    valid: usize,
    registered: usize,
    known: usize,
    errors: Vec<RowError>,
}

/// What is wrong with a row.
#[derive(Debug, Deserialize)]
struct RowError {
    row: usize,
    column: Option<String>,
    code: String,
    zh: String,
    en: String,
}

impl Report {
    /// Adds what became of a part that begins after so many rows of the file.
    fn add(&mut self, part: Self, before: usize) {
        self.rows += part.rows;
        self.valid += part.valid;
        self.registered += part.registered;
        self.known += part.known;
        self.errors.extend(part.errors.into_iter().map(|mut error| {
            error.row += before;
            error
        }));
    }
}

/// A part of the file as it is sent: its content, the rows before it, its own rows.
struct Part {
    content: Vec<u8>,
    before: usize,
    rows: usize,
}

/// Checks the whole file; then, unless it is only to be checked or something is wrong with all-or-nothing, takes it over.
#[expect(clippy::print_stdout, reason = "the command's output")]
pub async fn matters(wanted: &ImportMatters) -> Result<()> {
    let (media_type, parts) = parts(&wanted.file)?;
    let client = Client::new(wanted, media_type)?;
    let checked = client.send_all("check", &parts, true).await?;
    for error in &checked.errors {
        let column = error.column.as_deref().unwrap_or("-");
        println!(
            "row {:<6} {column:20} {:28} {} / {}",
            error.row, error.code, error.zh, error.en
        );
    }
    println!(
        "{} rows: {} new and right, {} taken over before, {} wrong",
        checked.rows,
        checked.valid,
        checked.known,
        checked.errors.len()
    );
    if wanted.dry_run {
        ensure!(
            checked.errors.is_empty(),
            "{} rows are wrong",
            checked.errors.len()
        );
        return Ok(());
    }
    if !checked.errors.is_empty() && !wanted.valid_rows_only {
        bail!("nothing was taken over; --valid-rows-only takes the rows that are right");
    }
    let done = client.send_all("import", &parts, false).await?;
    println!("{} matters registered", done.registered);
    Ok(())
}

/// A CSV file in parts, each with the heading; anything else whole.
fn parts(file: &Path) -> Result<(&'static str, Vec<Part>)> {
    let content = std::fs::read(file).with_context(|| file.display().to_string())?;
    let extension = file.extension().and_then(|text| text.to_str());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("csv") => Ok(("text/csv", csv_parts(&content)?)),
        Some("xlsx") => {
            let whole = Part {
                content,
                before: 0,
                rows: 1,
            };
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            Ok((kind, vec![whole]))
        }
        _ => bail!("{}: a .csv or .xlsx file is needed", file.display()),
    }
}

fn csv_parts(content: &[u8]) -> Result<Vec<Part>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(content);
    let records = reader.byte_records().collect::<Result<Vec<_>, _>>();
    let records = records.context("it is no CSV file")?;
    let (heading, rows) = records.split_first().context("the file is empty")?;
    let mut parts = Vec::new();
    for (number, rows) in rows.chunks(PART).enumerate() {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(Vec::new());
        for record in std::iter::once(heading).chain(rows) {
            writer.write_byte_record(record)?;
        }
        parts.push(Part {
            content: writer.into_inner()?,
            before: number * PART,
            rows: rows.len(),
        });
    }
    Ok(parts)
}

struct Client<'a> {
    http: reqwest::Client,
    wanted: &'a ImportMatters,
    token: String,
    media_type: &'static str,
}

impl<'a> Client<'a> {
    fn new(wanted: &'a ImportMatters, media_type: &'static str) -> Result<Self> {
        let file = &wanted.token_file;
        let token = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        Ok(Self {
            http: reqwest::Client::builder().timeout(PATIENCE).build()?,
            wanted,
            token: token.trim().to_owned(),
            media_type,
        })
    }

    async fn send_all(&self, step: &'static str, parts: &[Part], dry_run: bool) -> Result<Report> {
        let rows = parts.iter().map(|part| part.rows).sum::<usize>();
        let bar = ProgressBar::new(u64::try_from(rows)?).with_message(step);
        bar.set_style(ProgressStyle::with_template(
            "{msg:8} {bar:40} {pos}/{len} {eta}",
        )?);
        let mut report = Report::default();
        for part in parts {
            let sent = self.send(part, dry_run).await?;
            report.add(sent, part.before);
            bar.inc(u64::try_from(part.rows)?);
        }
        bar.finish_and_clear();
        Ok(report)
    }

    async fn send(&self, part: &Part, dry_run: bool) -> Result<Report> {
        let url = format!(
            "{}/intake/v1/imports",
            self.wanted.url.trim_end_matches('/')
        );
        let flag = |set: bool| if set { "true" } else { "false" };
        let answer = self
            .http
            .post(url)
            .query(&[
                ("system", self.wanted.system.as_str()),
                ("dry_run", flag(dry_run)),
                ("valid_rows_only", flag(self.wanted.valid_rows_only)),
            ])
            .bearer_auth(&self.token)
            .header(reqwest::header::CONTENT_TYPE, self.media_type)
            .body(part.content.clone())
            .send()
            .await?;
        let status = answer.status();
        let body: Value = answer.json().await.unwrap_or(Value::Null);
        if !status.is_success() {
            let text = |field: &str| {
                body.get(field)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            bail!(
                "{status} {}: {} {}",
                text("code"),
                text("title_zh"),
                text("detail_zh")
            );
        }
        Ok(serde_json::from_value(body)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csv_file_goes_in_parts_with_the_heading() {
        let rows: String = (0..450).map(|n| format!("{n},\"a\nb\"\n")).collect();
        let parts = csv_parts(format!("id,text\n{rows}").as_bytes()).unwrap();
        let shape: Vec<_> = parts.iter().map(|part| (part.before, part.rows)).collect();
        assert_eq!(shape, [(0, 200), (200, 200), (400, 50)]);
        for part in &parts {
            assert!(part.content.starts_with(b"id,text\n"));
        }
        assert!(csv_parts(b"").is_err());
        assert!(
            parts
                .iter()
                .all(|part| part.content.ends_with(b"\"a\nb\"\n"))
        );
    }
}
