//! The migrations make the tables that the program declares, and can be taken back.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use contracts::Service;
use e2e::{Mode, Settings, TestNode};
use tokio::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Columns with their types, by table.
type Tables = BTreeMap<String, BTreeMap<String, String>>;

/// What `diesel::table!` declares.
fn declared(service: Service) -> Tables {
    let path = format!("services/{service}/src/schema.rs");
    // Reporting declares none: it writes its own SQL.
    let text = fs::read_to_string(root().join(path)).unwrap_or_default();
    let mut tables = Tables::new();
    for block in text.split("diesel::table! {").skip(1) {
        let block = block.split("\n}").next().unwrap();
        let (table, columns) = block.split_once('{').unwrap();
        let table = table.split_whitespace().next().unwrap().to_owned();
        let column = |line: &str| {
            let (name, of) = line.trim().trim_end_matches(',').split_once(" -> ")?;
            Some((name.to_owned(), of.to_owned()))
        };
        tables.insert(table, columns.lines().filter_map(column).collect());
    }
    tables
}

/// What diesel calls a column of PostgreSQL.
fn diesel_type(name: &str, nullable: bool) -> String {
    let plain = match name.trim_start_matches('_') {
        "uuid" => "Uuid",
        "text" => "Text",
        "timestamptz" => "Timestamptz",
        "date" => "Date",
        "int8" => "BigInt",
        "int4" => "Integer",
        "int2" => "SmallInt",
        "bool" => "Bool",
        "jsonb" => "Jsonb",
        other => panic!("{other} has no name here yet"),
    };
    let of = if name.starts_with('_') {
        format!("Array<{plain}>")
    } else {
        plain.to_owned()
    };
    if nullable {
        format!("Nullable<{of}>")
    } else {
        of
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tables_are_as_they_are_declared() {
    let node = TestNode::prepare(Settings::of(Mode::One)).await.unwrap();
    let sql = node.sql().await.unwrap();
    for &service in Service::ALL {
        let tables = declared(service);
        let columns =
            "SELECT table_name::text, column_name::text, udt_name::text, is_nullable = 'YES'
                       FROM information_schema.columns WHERE table_schema = $1";
        let rows = sql.query(columns, &[&service.schema()]).await.unwrap();
        let mut found = BTreeMap::new();
        for row in rows {
            let column: (String, String) = (row.get(0), row.get(1));
            found.insert(column, (row.get::<_, String>(2), row.get(3)));
        }
        // A table may have more: columns that only SQL of its own uses.
        for (table, columns) in tables {
            for (column, declared) in columns {
                let place = format!("{service}: {table}.{column}");
                let is = found.get(&(table.clone(), column));
                let (name, nullable) = is.unwrap_or_else(|| panic!("{place} is not there"));
                assert_eq!(declared, diesel_type(name, *nullable), "{place}");
            }
        }
    }
}

/// The folders of migrations, in the order they are run: the machinery's, then the service's own.
fn migrations(service: Service) -> Vec<PathBuf> {
    let folders = [
        "crates/chassis/migrations".to_owned(),
        format!("services/{service}/migrations"),
    ];
    let of_folder = |folder: String| {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let mut found: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        found.sort();
        found
    };
    folders.into_iter().flat_map(of_folder).collect()
}

/// A schema as `pg_dump` writes it, without what differs between two dumps of the same.
async fn dump(node: &TestNode, schema: &str) -> String {
    let program = servers::postgres_programs().unwrap().join("pg_dump");
    let told = Command::new(program)
        .args(["--schema-only", "--schema", schema, "--exclude-table"])
        .arg(format!("{schema}.__diesel_schema_migrations"))
        .arg(node.database.url("postgres"))
        .output()
        .await
        .unwrap();
    assert!(told.status.success(), "{told:?}");
    let text = String::from_utf8(told.stdout).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('\\'));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_and_done_again_is_the_same() {
    let node = TestNode::prepare(Settings::of(Mode::One)).await.unwrap();
    let sql = node.sql().await.unwrap();
    for &service in Service::ALL {
        let (schema, all) = (service.schema(), migrations(service));
        let run = async |folder: &Path, file: &str| {
            let text = fs::read_to_string(folder.join(file)).unwrap();
            let text = format!("SET search_path = {schema}; {text}");
            let done = sql.batch_execute(&text).await;
            done.unwrap_or_else(|error| panic!("{}: {error:?}", folder.join(file).display()));
        };
        let before = dump(&node, &schema).await;
        for folder in all.iter().rev() {
            run(folder, "down.sql").await;
        }
        let left = "SELECT relname::text FROM pg_class
                    WHERE relnamespace = $1::text::regnamespace AND relname NOT LIKE '\\_\\_diesel%'
                    UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = $1::text::regnamespace";
        let left = sql.query(left, &[&schema]).await.unwrap();
        let left: Vec<String> = left.iter().map(|row| row.get(0)).collect();
        assert!(left.is_empty(), "{service}: {left:?}");
        for folder in &all {
            run(folder, "up.sql").await;
        }
        assert_eq!(before, dump(&node, &schema).await, "{service}");
    }
}
