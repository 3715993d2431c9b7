//! Proving who one is at a provider elsewhere.

use model::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// A provider that the clinic's people may use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ProviderView {
    /// Its document.
    pub id: Uuid,
    /// What the clinic calls it.
    pub name: String,
    /// Issuer identifier, an address.
    pub issuer: String,
    /// How it knows this program.
    pub client_id: String,
}

/// The clinic's providers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ProvidersView {
    /// By name.
    pub providers: Vec<ProviderView>,
    /// May this person change them?
    pub may_change: bool,
}

/// Adds a provider, or changes the name and the client of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetProvider {
    /// Which; null for a new one.
    pub id: Option<Uuid>,
    /// What the clinic calls it.
    pub name: String,
    /// Issuer identifier; that of a provider that is there stays.
    pub issuer: String,
    /// How it knows this program.
    pub client_id: String,
}

/// Looks whether a provider is there and can be used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TestProvider {
    /// Issuer identifier.
    pub issuer: String,
}

/// An account elsewhere that is this person's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OutsideAccount {
    /// The link.
    pub id: Uuid,
    /// What the clinic calls the provider; null where it was withdrawn.
    pub name: Option<String>,
    /// The provider to go to; null where it was withdrawn.
    pub provider: Option<Uuid>,
    /// Issuer identifier.
    pub issuer: String,
    /// Since when.
    pub since: Time,
}

/// What a visit to a provider is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OutsidePurpose {
    /// To note that the account there is this person's.
    Link,
    /// To show again who is there, in the place of a code of the second factor.
    StepUp,
}

/// Begins a visit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BeginOutside {
    /// To whom.
    pub provider: Uuid,
    /// What for.
    pub purpose: OutsidePurpose,
}

/// A visit is under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OutsideBegun {
    /// What to wait for.
    pub visit: Uuid,
    /// What the browser was asked to show.
    pub address: String,
    /// When it is given up.
    pub ends_at: Time,
}

/// Signs in at the provider that an invitation wishes for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SignInJoining {
    /// Language of the page that the browser ends on: `en` or `fr`.
    pub language: String,
}

/// A sign-in that an invitation wishes for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct JoiningOutside {
    /// What the clinic calls the provider.
    pub provider: String,
    /// Issuer identifier.
    pub issuer: String,
    /// As whom they signed in: name, address or subject, in the provider's words. Null before.
    pub person: Option<String>,
}

/// What a request says of a sign-in elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RequestOutside {
    /// What the clinic calls the provider; its issuer where it is none of the clinic's.
    pub provider: String,
    /// Is a proof in it? It is checked by asking for that.
    pub given: bool,
}

/// What came of checking the proof in a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum CarriedView {
    /// It holds.
    Verified {
        /// Who, in the provider's words; known by this alone.
        subject: String,
        /// Name there.
        name: Option<String>,
        /// Address there.
        email: Option<String>,
        /// Does the provider say that they read that mail?
        email_verified: bool,
    },
    /// The provider could not be asked.
    Unchecked {
        /// Why.
        code: String,
    },
    /// It does not hold.
    Refused {
        /// Why.
        code: String,
    },
}
