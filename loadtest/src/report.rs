//! The report for people: goose's page with its charts, made to work on a network without internet, and on top of it what this
//! test adds: the thresholds, the stages, the comparison.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use comfy_table::Table;

use crate::summary::{BROKEN, Summary};

/// The library that draws goose's charts: Apache ECharts 5.6.0 (Apache-2.0). Goose's page would load it from the internet.
const CHARTS: &str = include_str!("../assets/echarts.min.js");
/// How goose's page loads it.
const LOADED: &str =
    "<script src=\"https://cdn.jsdelivr.net/npm/echarts@5.2.2/dist/echarts.min.js\"></script>";
/// What stands on top of goose's page.
const TITLE: &str = "<h1>Goose Attack Report</h1>";

/// Completes the page that goose wrote.
///
/// # Errors
/// It cannot be read or written, or is not the page this was made for.
pub fn complete(page: &Path, summary: &Summary) -> Result<()> {
    let text = std::fs::read_to_string(page).with_context(|| page.display().to_string())?;
    ensure!(
        text.contains(LOADED) && text.contains(TITLE),
        "goose writes another page than this was made for"
    );
    let text = text
        .replacen(LOADED, &format!("<script>{CHARTS}</script>"), 1)
        .replacen(TITLE, &head(summary), 1)
        .replacen(
            "<title>Goose Attack Report</title>",
            "<title>Fengqiao load test</title>",
            1,
        );
    std::fs::write(page, text).with_context(|| page.display().to_string())
}

fn head(summary: &Summary) -> String {
    let mut html = format!(
        "<h1>枫桥 Fengqiao load test · {}</h1>\n<p style=\"font-size:1.3em\">{}</p>\n<p>{} · began {} · times count from when a \
         request was due · goose's own report follows the tables</p>\n",
        escape(&summary.play),
        escape(&summary.verdict()),
        escape(&summary.target),
        escape(&summary.began_at),
    );
    html.push_str("<style>.own td:first-child, .own th:first-child { text-align: left; width: 22em; padding-left: 6px }</style>\n");
    // The verdict's reasons first; the terminal has them last.
    for (title, table) in summary.tables(true).into_iter().rev() {
        html.push_str(&format!("<h2>{title}</h2>\n"));
        html.push_str(&rows(&table));
    }
    html
}

fn rows(table: &Table) -> String {
    let line = |cells: Vec<String>, tag: &str| {
        let cells: String = cells
            .iter()
            .map(|cell| match cell == BROKEN {
                true => format!("<{tag} style=\"color:#c00;font-weight:bold\">{cell}</{tag}>"),
                false => format!("<{tag}>{}</{tag}>", escape(cell)),
            })
            .collect();
        format!("<tr>{cells}</tr>\n")
    };
    let head = table
        .header()
        .map(|row| line(row.cell_iter().map(|c| c.content()).collect(), "th"));
    let body: String = table
        .row_iter()
        .map(|row| line(row.cell_iter().map(|c| c.content()).collect(), "td"))
        .collect();
    format!(
        "<table class=\"own\"><thead>{}</thead><tbody>{body}</tbody></table>\n",
        head.unwrap_or_default()
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
