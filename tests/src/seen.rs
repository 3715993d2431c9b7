//! An answer of HTTP, byte for byte.

/// An answer.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its status.
    pub status: u16,
    /// The status line and the headers.
    pub head: String,
    /// What follows them.
    pub body: String,
}

impl Seen {
    /// Takes an answer apart; `None` where it broke off within its headers.
    pub fn read(text: &str) -> Option<Seen> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Seen { status, head: head.to_owned(), body: body.to_owned() })
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = self.head.lines().filter_map(|line| line.split_once(": "));
        named.filter(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    /// All but the date, which is the time's and not the link's.
    pub fn without_date(&self) -> String {
        let kept = self.head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("date:"));
        format!("{}\n\n{}", kept.collect::<Vec<_>>().join("\n"), self.body)
    }
}
