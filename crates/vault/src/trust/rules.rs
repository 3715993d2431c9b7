//! Who may write what (security design, 6.5). Readers enforce it: a write that breaks it is quarantined.

use super::certificate::Standing;
use super::scope_keys::Rights;
use super::store::Trust;
use super::{Error, Result};
use uuid::Uuid;

/// A write that is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act<'a> {
    /// Who writes.
    pub author: Uuid,
    /// The certificate under which the author signed; without one, as for a mergeable document, the newest counts.
    pub certificate: Option<Uuid>,
    /// The collection.
    pub collection: &'a str,
    /// The document's scope.
    pub scope: Uuid,
    /// The short name of the key that sealed it; without one, as before writing, the newest.
    pub kid: Option<[u8; 4]>,
    /// Whom the document names: whose account or page it is, who accessed, sent or reviewed (`statement::person_in`).
    pub about: Option<Uuid>,
    /// Who wrote the statement that this one amends.
    pub amends: Option<Uuid>,
}

/// Says whether somebody may write this.
///
/// # Errors
/// [`Error::Forbidden`] with the rule that is broken.
pub fn may_write(trust: &Trust, act: &Act) -> Result<()> {
    let standing = standing_of(trust, act).ok_or(Error::Forbidden("the author is not certified"))?;
    let rights = rights_of(trust, act);
    if !rights.has(Rights::WRITE) && !rights.has(Rights::OWN) {
        return Err(Error::Forbidden("no right to write in this scope"));
    }
    match act.collection {
        "amendments" => may_amend(act, standing),
        "doctor_notes" | "teleconsultations" if !standing.is_doctor() => {
            Err(Error::Forbidden("only a doctor writes this"))
        }
        "share_tokens" if !rights.may_grant() => Err(Error::Forbidden("sharing needs the owner or the right to grant")),
        "access_logs" | "messages" | "reviews" if act.about.is_some() && !own_entry(act) => {
            Err(Error::Forbidden("it names another person as the one who did it"))
        }
        "users" | "doctors" if !own_entry(act) && !standing.is_admin() => {
            Err(Error::Forbidden("the directory is kept by admins, and everybody's entry by themself"))
        }
        "account_deletion_requests" if !own_entry(act) => {
            Err(Error::Forbidden("only the person themself asks for their account to be deleted"))
        }
        "ai_characters" | "clinics" | "sending_settings" | "identity_providers" if !standing.is_admin() => {
            Err(Error::Forbidden("kept by admins"))
        }
        _ => Ok(()),
    }
}

fn may_amend(act: &Act, standing: Standing) -> Result<()> {
    match act.amends {
        None => Err(Error::Unknown("the statement that is amended")),
        Some(original) if original == act.author || standing.is_doctor() => Ok(()),
        Some(_) => Err(Error::Forbidden("only the author or a doctor amends")),
    }
}

fn own_entry(act: &Act) -> bool {
    act.about == Some(act.author)
}

/// A statement is judged by the certificate it was signed under; whether that still counts is for `statement::check`.
fn standing_of(trust: &Trust, act: &Act) -> Option<Standing> {
    match act.certificate {
        None => trust.role_of(act.author),
        Some(id) => trust.certificate(id).filter(|certificate| certificate.subject == act.author)?.standing(),
    }
}

fn rights_of(trust: &Trust, act: &Act) -> Rights {
    let certificate = act.certificate.or_else(|| trust.user(act.author).map(|certificate| certificate.id));
    match (act.kid, certificate) {
        (Some(kid), Some(certificate)) => trust.rights_under(act.scope, kid, certificate),
        _ => trust.rights(act.scope, act.author),
    }
}
