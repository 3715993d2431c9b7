//! The data dictionary in `docs` is the one that the definitions give.

use std::path::Path;

#[test]
fn the_page_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/data-dictionary.md");
    let committed = std::fs::read_to_string(&file).expect("docs/data-dictionary.md is there: make dictionary");
    let page = model::dictionary::page();
    let differs = committed.lines().zip(page.lines()).find(|(old, new)| old != new);
    assert_eq!(differs, None, "docs/data-dictionary.md is out of date: make dictionary");
    // The shell may end the last line once more than the page does.
    assert!(committed.trim_end() == page.trim_end(), "docs/data-dictionary.md is out of date: make dictionary");
}

/// A bar or a line end inside a meaning would break the table that it stands in.
#[test]
fn every_row_of_a_table_has_its_six_cells() {
    let page = model::dictionary::page();
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| ")).collect();
    assert!(rows.len() > 250, "{}", rows.len());
    let cells = |row: &str| row.replace("\\|", "").matches('|').count() - 1;
    let broken: Vec<_> = rows.iter().filter(|row| ![2, 6].contains(&cells(row))).collect();
    assert_eq!(broken, Vec::<&&str>::new());
}

#[test]
fn every_collection_and_field_is_on_the_page() {
    let page = model::dictionary::page();
    for def in model::ALL {
        let (_, section) = page.split_once(&format!("\n## {}\n", def.name)).expect(def.name);
        let section = section.split("\n## ").next().unwrap_or_default();
        for field in def.fields {
            assert!(section.contains(&format!("\n| {} | ", field.name)), "{}.{}", def.name, field.name);
        }
    }
}
