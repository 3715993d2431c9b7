//! Text from strangers, made fit to show.

/// The most characters of a label or of a recipient's name that are kept (SMART Health Links 1.0 for labels).
pub const SHOWN_MAX: usize = 80;

/// `text` without control characters and without the marks that reorder or hide text, trimmed, at most [`SHOWN_MAX`]
/// characters. It still has to be escaped where it is put into markup.
#[must_use]
pub fn shown(text: &str) -> String {
    shown_to(text, SHOWN_MAX)
}

/// As [`shown`], with another length, in characters.
#[must_use]
pub fn shown_to(text: &str, max: usize) -> String {
    let kept: String = text.chars().map(blank_to_space).filter(|c| !hidden(*c)).take(max).collect();
    kept.trim().to_owned()
}

fn blank_to_space(c: char) -> char {
    if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c }
}

fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_reordering_marks_go_and_length_is_bounded() {
        assert_eq!(shown("  Dr\u{202E} Ev\u{0}il\n\u{1b}[31m "), "Dr Evil [31m");
        assert_eq!(shown(&"ä".repeat(500)).chars().count(), SHOWN_MAX);
        assert_eq!(shown("\u{200B}\r\n\t"), "");
        assert_eq!(shown("<b>Ann</b>"), "<b>Ann</b>");
    }
}
