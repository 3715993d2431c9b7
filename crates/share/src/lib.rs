//! SMART Health Links: make, encrypt, serve, read; QR codes.
//!
//! This room turns records, given as bytes, into links that any reader of HL7's SMART Health Cards and Links 1.0 can open, and
//! turns such links, ours or anybody's, back into bytes. It knows no chart and no vault, touches no disk and reads no clock: time
//! is an argument, storage is the caller's ([`serve::Host`]).
//!
//! - [`link`]: the link itself, what a QR code carries.
//! - [`jwe`]: its encrypted files.
//! - [`qr`]: drawing codes and reading them from pictures.
//! - [`tally`]: how a share lives and dies: uses, passcodes, end.
//! - [`serve`]: the protocol's data plane, as a router.
//! - [`audit`]: what a host without a key writes down for the owner.
//! - [`fetch`]: opening links, with hostile ones in mind.
//! - [`transfer`]: from screen to camera, without any network.
//! - [`card`]: recognising SMART Health Cards, which are another thing.
//!
//! ```
//! use share::link::{Flags, Link, LinkKey, make_id};
//!
//! # fn main() -> Result<(), share::Error> {
//! let url = format!("https://links.example.org/shl/{}", make_id()?);
//! let link = Link::make(&url, LinkKey::make()?, Some(1_900_000_000), Flags::direct(), Some("For the front desk"))?;
//! let file = share::jwe::encrypt(link.key(), "application/fhir+json", b"{\"resourceType\":\"Bundle\"}", true)?;
//! let code = share::qr::svg(&link.to_text())?;
//!
//! let read = Link::parse(&link.to_text())?;
//! let opened = share::jwe::decrypt(read.key(), &file, share::jwe::Limits::default())?;
//! assert_eq!(opened.bytes, b"{\"resourceType\":\"Bundle\"}");
//! # assert!(code.contains("<svg"));
//! # Ok(())
//! # }
//! ```

pub mod audit;
pub mod card;
mod deflate;
mod error;
pub mod fetch;
pub mod jwe;
pub mod link;
pub mod qr;
pub mod serve;
pub mod tally;
pub mod text;
pub mod transfer;

pub use error::{Error, Result};
pub use link::{Flags, Link, LinkKey, Preview};
