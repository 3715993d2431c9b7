//! The JSON inside a link: read in order and written in the same order, so that a link read and written again is the same link.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{Flags, LinkKey, VERSION};
use crate::error::{Error, Result};
use crate::text::shown;

/// One member of the payload.
#[derive(Clone)]
pub(super) enum Member {
    Url(String),
    Key(LinkKey),
    Exp(u64),
    Flag(Flags),
    Label(String),
    Version(u64),
    Extra(String, Value),
}

impl Member {
    fn name(&self) -> &str {
        match self {
            Self::Url(_) => "url",
            Self::Key(_) => "key",
            Self::Exp(_) => "exp",
            Self::Flag(_) => "flag",
            Self::Label(_) => "label",
            Self::Version(_) => "v",
            Self::Extra(name, _) => name,
        }
    }

    fn write(&self, out: &mut Zeroizing<String>) {
        match self {
            Self::Key(key) => {
                out.push('"');
                out.push_str(&key.to_text());
                out.push('"');
            }
            Self::Exp(n) | Self::Version(n) => out.push_str(&n.to_string()),
            Self::Url(text) | Self::Label(text) => out.push_str(&json_text(text)),
            Self::Flag(flags) => out.push_str(&json_text(&flags.to_text())),
            Self::Extra(_, value) => out.push_str(&value.to_string()),
        }
    }
}

fn json_text(text: &str) -> String {
    Value::from(text).to_string()
}

/// The members in the order in which they stand. Always holds a `url` and a `key`.
#[derive(Clone)]
pub(super) struct Payload {
    pub members: Vec<Member>,
}

macro_rules! first {
    ($self:ident, $variant:ident) => {
        $self.members.iter().find_map(|m| if let Member::$variant(value) = m { Some(value) } else { None })
    };
}

impl Payload {
    /// Reads the JSON of a link and checks what every link must have.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let raw: Raw = serde_json::from_slice(json).map_err(|e| match e.classify() {
            serde_json::error::Category::Data => {
                Error::DamagedLink("a member of it has a wrong form or is named twice")
            }
            _ => Error::DamagedLink("it does not hold JSON"),
        })?;
        let payload = Self { members: raw.members };
        payload.check_version()?;
        if first!(payload, Url).is_none() {
            return Err(Error::DamagedLink("it has no address"));
        }
        let key = raw.key.ok_or(Error::DamagedLink("it has no key"))?;
        payload.with_key(LinkKey::from_text(&key)?)
    }

    /// A newer link is refused before its members are judged: only its label means something to us.
    fn check_version(&self) -> Result<()> {
        match first!(self, Version) {
            Some(&version) if version > VERSION => Err(Error::NewerLink { version, label: self.label().map(shown) }),
            _ => Ok(()),
        }
    }

    fn with_key(mut self, key: LinkKey) -> Result<Self> {
        let place = self.members.iter_mut().find(|m| matches!(m, Member::Extra(name, Value::Null) if name == "key"));
        *place.ok_or(Error::DamagedLink("it has no key"))? = Member::Key(key);
        if self.flags().is_some_and(|flags| flags.passcode && flags.direct) {
            return Err(Error::DamagedLink("it is a direct file and yet asks for a passcode"));
        }
        Ok(self)
    }

    /// The minified JSON.
    pub fn to_json(&self) -> Zeroizing<String> {
        let mut out = Zeroizing::new(String::with_capacity(512));
        for (i, member) in self.members.iter().enumerate() {
            out.push(if i == 0 { '{' } else { ',' });
            out.push_str(&json_text(member.name()));
            out.push(':');
            member.write(&mut out);
        }
        out.push('}');
        out
    }

    pub fn url(&self) -> &str {
        first!(self, Url).expect("checked when the payload was made")
    }

    pub fn key(&self) -> &LinkKey {
        first!(self, Key).expect("checked when the payload was made")
    }

    pub fn exp(&self) -> Option<u64> {
        first!(self, Exp).copied()
    }

    pub fn flags(&self) -> Option<&Flags> {
        first!(self, Flag)
    }

    pub fn label(&self) -> Option<&str> {
        first!(self, Label).map(String::as_str)
    }

    pub fn extra(&self, name: &str) -> Option<&Value> {
        self.members.iter().find_map(|m| match m {
            Member::Extra(own, value) if own == name => Some(value),
            _ => None,
        })
    }
}

/// The members as they come; the key stays text, and a null extra member holds its place, until it has been checked.
struct Raw {
    members: Vec<Member>,
    key: Option<Zeroizing<String>>,
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the payload of a SMART Health Link")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut raw = Raw { members: Vec::new(), key: None };
        while let Some(name) = map.next_key::<String>()? {
            if raw.members.iter().any(|m| m.name() == name) {
                return Err(A::Error::custom("a member is named twice"));
            }
            raw.members.extend(read_member(name, &mut map, &mut raw.key)?);
        }
        Ok(raw)
    }
}

/// Reads one value. A known optional member that is null is as good as absent: some issuers write it so.
fn read_member<'de, A: MapAccess<'de>>(
    name: String,
    map: &mut A,
    key: &mut Option<Zeroizing<String>>,
) -> Result<Option<Member>, A::Error> {
    Ok(match name.as_str() {
        "url" => Some(Member::Url(map.next_value()?)),
        "key" => {
            *key = Some(Zeroizing::new(map.next_value::<String>()?));
            Some(Member::Extra(name, Value::Null))
        }
        "exp" => map.next_value::<Option<Seconds>>()?.map(|exp| Member::Exp(exp.0)),
        "flag" => map.next_value::<Option<String>>()?.map(|text| Member::Flag(Flags::parse(&text))),
        "label" => map.next_value::<Option<String>>()?.map(Member::Label),
        "v" => map.next_value::<Option<u64>>()?.map(Member::Version),
        _ => Some(Member::Extra(name, map.next_value()?)),
    })
}

/// A JSON number of seconds. Issuers in JavaScript write fractions; the whole seconds are meant.
struct Seconds(u64);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(from)?;
        if let Some(whole) = number.as_u64() {
            return Ok(Self(whole));
        }
        let fraction =
            number.as_f64().filter(|n| (0.0..9.0e15).contains(n)).ok_or_else(|| D::Error::custom("no time"))?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded to 0..9e15 just above")]
        Ok(Self(fraction as u64))
    }
}
