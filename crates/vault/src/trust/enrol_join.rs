//! Enrolment, on the side that comes in.

use super::body::Body;
use super::bundle::{Bundle, OutsideProof};
use super::certificate::{DeviceKeys, UserKeys};
use super::enrol::{ANSWER, CREDENTIAL, ENROL, Invitation, MESSAGE_MAX, Purpose, REQUEST};
use super::found::{self, DeviceSecrets, Person, learn, open_scope};
use super::grants::{self, Granted};
use super::journal::Head;
use super::keyring::{Keyring, Secrets, is_root_of};
use super::object::{GRANTS, KeyObject, SLOTS};
use super::scope_keys::ScopeKind;
use super::store::Trust;
use super::{Error, Result, slots, text};
use crypto::encode::sha256;
use crypto::grant::{AgreementKey, Grant};
use crypto::kit::Kit;
use crypto::root::UserRoot;
use crypto::sign::{self, Signed, Signer};
use crypto::slot::Cost;
use crypto::{Key, Zeroizing};
use uuid::Uuid;

const MARK: &[u8; 4] = b"AJN1";
const OBJECTS_MAX: usize = 10_000;
const FLOORS_MAX: usize = 10_000;
const BAD: Error = Error::Malformed("the saved enrolment");

/// Who joins.
#[derive(Clone, Copy)]
pub enum Joiner<'a> {
    /// A further device of a person who is in the realm.
    OwnDevice,
    /// A new person, or one who returns, with the passphrase that they chose.
    NewMember {
        /// The passphrase.
        passphrase: &'a str,
        /// How much memory the passphrase takes to try.
        cost: Cost,
    },
}

/// An enrolment under way. Its secrets leave it only as [`Joining::to_bytes`], for an encrypted vault in the making.
pub struct Joining {
    invitation: Invitation,
    bundle: Vec<u8>,
    device: DeviceSecrets,
    member: Option<NewMember>,
}

struct NewMember {
    user: Uuid,
    root: Key,
    account: Key,
    slot: KeyObject,
}

/// What beginning gives.
pub struct Begun {
    /// To be kept until the answer comes.
    pub joining: Joining,
    /// The request, for the inviter's computer.
    pub request_text: Zeroizing<String>,
    /// The letters that the inviter types.
    pub check_words: String,
    /// A new person's kit: to be printed now and dropped. It is nowhere else.
    pub kit: Option<Kit>,
}

/// A device that came in.
pub struct Enrolled {
    /// The person's secrets, opened.
    pub keyring: Keyring,
    /// The verified store.
    pub trust: Trust,
    /// What came with the answer: to store; the inviter pushes it.
    pub received: Vec<KeyObject>,
    /// What was made here: to store and push.
    pub made: Vec<KeyObject>,
    /// The floor of other devices' journals.
    pub floors: Vec<Head>,
    /// The database credential, as the inviter's program wrote it.
    pub credential: Option<Zeroizing<Vec<u8>>>,
    /// How to reach the database, from the invitation.
    pub card: Vec<u8>,
    /// The sign-in elsewhere that the request carried, if the inviter's program found it good.
    pub outside: Option<OutsideProof>,
}

/// Answers an invitation: makes the keys and the request.
///
/// # Errors
/// [`Error::OutOfTime`] when it has ended; [`Error::Forbidden`] when it is for something else; [`Error::Crypto`] for a
/// passphrase that is not accepted; [`Error::Malformed`].
pub fn begin(invitation_text: &str, joiner: Joiner, at_ms: u64) -> Result<Begun> {
    let invitation = Invitation::parse(invitation_text)?;
    invitation.check_time(at_ms)?;
    let device = DeviceSecrets::make()?;
    match (joiner, invitation.purpose) {
        (Joiner::OwnDevice, Purpose::OwnDevice) => request(invitation, device, None),
        (Joiner::NewMember { passphrase, cost }, Purpose::NewMember) => {
            request(invitation, device, Some(Person::make(cost, passphrase)?))
        }
        (Joiner::NewMember { passphrase, cost }, Purpose::Returning { user, version }) => {
            request(invitation, device, Some(Person::make_again(cost, passphrase, user, version)?))
        }
        _ => Err(Error::Forbidden("the invitation is for something else")),
    }
}

fn request(invitation: Invitation, device: DeviceSecrets, person: Option<Person>) -> Result<Begun> {
    let owner = person.as_ref().map_or(invitation.inviter, |person| person.user);
    let claim = DeviceKeys::claim(invitation.realm(), owner, &device.signer, device.agreement.public());
    let keys: Option<UserKeys> = person.as_ref().map(Person::keys);
    let member = keys.map(|keys| (owner, keys));
    let bundle = Bundle { nonce: crypto::random::bytes()?, device: claim, member, outside: None }.write()?;
    let request_text = text::write(REQUEST, &invitation.inner.seal_up(&bundle)?);
    let check_words = invitation.inner.check_words(&bundle);
    let (member, kit) = match person {
        None => (None, None),
        Some(Person { user, root_key, kit, slot, .. }) => {
            (Some(NewMember { user, root: root_key, account: kit.account_secret(), slot }), Some(kit))
        }
    };
    Ok(Begun { joining: Joining { invitation, bundle, device, member }, request_text, check_words, kit })
}

/// Takes the answer in: checks it down to the realm's root, opens the person's root, and opens the passphrase slot before
/// anything is used. May be called again after a wrong passphrase.
///
/// # Errors
/// [`Error::Crypto`] for an answer to something else; [`Error::Elsewhere`] for another realm's, inviter's or request's;
/// [`Error::Signature`], [`Error::Unknown`] for one that does not hold; [`Error::ForeignKey`]; [`Error::Passphrase`].
pub fn finish(joining: &Joining, answer_text: &str, passphrase: &str, at_ms: u64) -> Result<Enrolled> {
    let sealed = text::read(ANSWER, MESSAGE_MAX, answer_text)?;
    let opened = joining.invitation.inner.open_down(&sealed)?;
    let signed = Signed::from_bytes(&opened)?;
    let (mut trust, received, body) = verify(joining, &signed)?;
    let (mut keyring, mut made) = match &joining.member {
        None => (own_device(joining, &trust, &received, passphrase)?, Vec::new()),
        Some(member) => new_member(joining, member, &mut trust, passphrase, at_ms)?,
    };
    if let Some(earlier) = earlier_root(joining, &trust, &received) {
        keyring.earlier.insert(earlier.version(), earlier.agreement());
    }
    let opened = keyring.learn(&trust, &received)?;
    if let Some((_, error)) = opened.refused.first() {
        return Err(*error);
    }
    if keyring.newest(keyring.realm()).is_none() {
        return Err(Error::Unknown("the key of the realm"));
    }
    if let Some(member) = &joining.member {
        made.push(member.slot.clone());
    }
    if let (Some(member), Purpose::NewMember) = (&joining.member, joining.invitation.purpose) {
        open_scope(&mut keyring, &mut trust, &mut made, member.user, ScopeKind::User, at_ms)?;
    }
    let floors = body.list("floors", FLOORS_MAX, Head::from_body)?;
    let credential = credential(joining, body)?;
    let outside = if body.has("outside") { Bundle::read(&joining.bundle)?.outside } else { None };
    let card = joining.invitation.card().to_vec();
    Ok(Enrolled { keyring, trust, received, made, floors, credential, card, outside })
}

/// Root key, chain, inviter, signature, request: in this order (security design, 10.1, step 5).
fn verify<'a>(joining: &Joining, signed: &'a Signed) -> Result<(Trust, Vec<KeyObject>, Body<'a>)> {
    // The body is read before its signature is checked, because it brings the chain that leads to the key. It came out of
    // a seal that only the inviter and this device can make.
    let body = Body::read(&signed.body, MESSAGE_MAX)?;
    let mut trust = Trust::new(body.fixed("root")?);
    if signed.kind != ENROL || trust.realm() != joining.invitation.realm() {
        return Err(Error::Elsewhere);
    }
    let objects = body.list("objects", OBJECTS_MAX, KeyObject::from_body)?;
    learn(&mut trust, &objects)?;
    let inviter = trust.device(Uuid::from_bytes(joining.invitation.inner.inviter_device));
    let inviter = inviter.ok_or(Error::Unknown("the inviter's device"))?;
    if inviter.id.as_bytes() != &signed.certificate
        || trust.user_of_device(inviter.subject) != Some(joining.invitation.inviter)
    {
        return Err(Error::Elsewhere);
    }
    sign::verify(signed, trust.realm().as_bytes(), inviter.sign_key()).map_err(|_| Error::Signature)?;
    match body.fixed("bundle")? == sha256(&joining.bundle) {
        true => Ok((trust, objects, body)),
        false => Err(Error::Elsewhere),
    }
}

fn own_device(joining: &Joining, trust: &Trust, received: &[KeyObject], passphrase: &str) -> Result<Keyring> {
    let user = joining.invitation.inviter;
    let own = trust.user(user).ok_or(Error::Unknown("the person's certificate"))?;
    let keys = own.user_keys().ok_or(Error::Unknown("the person's certificate"))?;
    let mut roots = received.iter().filter(|object| object.collection == GRANTS).filter_map(|o| open_root(joining, o));
    let (root, account) = roots.find(|(root, _)| is_root_of(root, keys)).ok_or(Error::ForeignKey)?;
    let slot =
        received.iter().find(|object| object.collection == SLOTS).ok_or(Error::Unknown("the passphrase slot"))?;
    if slot.scope != user {
        return Err(Error::Elsewhere);
    }
    slots::open(trust, slot, passphrase, &account)?;
    Keyring::new(trust, user, secrets(joining, root, account))
}

fn open_root(joining: &Joining, object: &KeyObject) -> Option<(UserRoot, Key)> {
    let Ok(Granted::Root { user, v, device, grant }) = grants::read(object) else {
        return None;
    };
    if user != joining.invitation.inviter || device != joining.device.id() {
        return None;
    }
    let realm = joining.invitation.realm().into_bytes();
    let key = &joining.device.agreement;
    UserRoot::open_on_device(key, &realm, user.as_bytes(), v, device.as_bytes(), &grant).ok()
}

/// The root that somebody who returns had before: it opens what was shared with them until now.
fn earlier_root(joining: &Joining, trust: &Trust, received: &[KeyObject]) -> Option<UserRoot> {
    let Purpose::Returning { user, .. } = joining.invitation.purpose else { return None };
    let realm = joining.invitation.realm().into_bytes();
    let open = |object: &KeyObject| {
        let Ok(Granted::Recovery { user: of, v, to, grant }) = grants::read(object) else { return None };
        let key = &joining.device.agreement;
        let ours = of == user && to == joining.device.id();
        ours.then(|| UserRoot::open_for_recovery(key, &realm, user.as_bytes(), v, to.as_bytes(), &grant).ok()).flatten()
    };
    let grants = received.iter().filter(|object| object.collection == GRANTS);
    grants.filter_map(open).find(|root| trust.was_root_of(user, root))
}

fn new_member(
    joining: &Joining,
    member: &NewMember,
    trust: &mut Trust,
    passphrase: &str,
    at_ms: u64,
) -> Result<(Keyring, Vec<KeyObject>)> {
    let root = slots::open(trust, &member.slot, passphrase, &member.account)?;
    found::begin(trust, member.user, root, member.account.duplicate(), Some(joining.device.duplicate()), at_ms)
}

fn secrets(joining: &Joining, root: UserRoot, account: Key) -> Secrets {
    let DeviceSecrets { signer, agreement } = joining.device.duplicate();
    Secrets { root, account, device_signer: signer, device_agreement: agreement }
}

fn credential(joining: &Joining, body: Body) -> Result<Option<Zeroizing<Vec<u8>>>> {
    if !body.has("credential") {
        return Ok(None);
    }
    let inner = body.within("credential")?;
    let grant = Grant { enc: inner.bytes("enc")?.to_vec(), ct: inner.bytes("ct")?.to_vec() };
    let (realm, device) = (joining.invitation.realm().into_bytes(), joining.device.id().into_bytes());
    Ok(Some(crypto::grant::open(&joining.device.agreement, &realm, CREDENTIAL, 0, &device, &grant)?))
}

impl Joining {
    /// What the enrolment is for.
    pub fn purpose(&self) -> Purpose {
        self.invitation.purpose
    }

    /// The letters that the inviter types.
    pub fn check_words(&self) -> String {
        self.invitation.inner.check_words(&self.bundle)
    }

    /// What the inviter's program wrote into the invitation.
    pub fn card(&self) -> &[u8] {
        self.invitation.card()
    }

    /// What a provider elsewhere is to put into its token, so that it is good for this request alone.
    ///
    /// # Errors
    /// [`Error::Malformed`].
    pub fn outside_nonce(&self) -> Result<String> {
        Bundle::read(&self.bundle)?.outside_nonce(self.invitation.realm(), self.invitation.id())
    }

    /// The sign-in elsewhere that the request carries.
    ///
    /// # Errors
    /// [`Error::Malformed`].
    pub fn outside(&self) -> Result<Option<OutsideProof>> {
        Ok(Bundle::read(&self.bundle)?.outside)
    }

    /// Puts the proof of a sign-in elsewhere into the request. The letters become others: they cover it.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for a proof that cannot be carried.
    pub fn carry(&mut self, proof: OutsideProof) -> Result<()> {
        let proof = proof.bounded()?;
        self.bundle = Bundle { outside: Some(proof), ..Bundle::read(&self.bundle)? }.write()?;
        Ok(())
    }

    /// The person who joins: a new one, or the inviter.
    pub fn user(&self) -> Uuid {
        self.member.as_ref().map_or(self.invitation.inviter, |member| member.user)
    }

    /// The device that joins.
    pub fn device(&self) -> Uuid {
        self.device.id()
    }

    /// The account secret of a new person, for the system's keychain.
    pub fn account_secret(&self) -> Option<&Key> {
        self.member.as_ref().map(|member| &member.account)
    }

    /// Makes the request again, for a program that was started anew. The letters stay the same.
    ///
    /// # Errors
    /// [`Error::Crypto`].
    pub fn request_text(&self) -> Result<Zeroizing<String>> {
        Ok(text::write(REQUEST, &self.invitation.inner.seal_up(&self.bundle)?))
    }

    /// Writes it with its secrets, for an encrypted vault in the making and nothing else. The kit is not in it.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let invitation = self.invitation.text();
        let mut parts: Vec<&[u8]> = vec![MARK, invitation.as_bytes(), &self.bundle];
        parts.push(self.device.signer.seed().expose());
        parts.push(self.device.agreement.seed().expose());
        if let Some(member) = &self.member {
            parts.extend([member.user.as_bytes(), member.root.expose().as_slice(), member.account.expose()]);
            parts.extend([member.slot.id.as_bytes().as_slice(), &member.slot.bytes]);
        }
        let mut out = Zeroizing::new(Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum()));
        for part in parts {
            out.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            out.extend_from_slice(part);
        }
        out
    }

    /// Reads what [`Joining::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Error::Malformed`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut rest = bytes;
        let mut next = || part(&mut rest);
        if next()? != MARK {
            return Err(BAD);
        }
        let invitation = Invitation::parse(std::str::from_utf8(next()?).map_err(|_| BAD)?)?;
        let bundle = next()?.to_vec();
        let signer = Signer::from_seed(&Key::from_slice(next()?)?);
        let agreement = AgreementKey::from_seed(&Key::from_slice(next()?)?);
        let member = match invitation.purpose {
            Purpose::OwnDevice => None,
            Purpose::NewMember | Purpose::Returning { .. } => Some(read_member(&mut next)?),
        };
        Ok(Joining { invitation, bundle, device: DeviceSecrets { signer, agreement }, member })
    }
}

fn read_member<'a>(next: &mut impl FnMut() -> Result<&'a [u8]>) -> Result<NewMember> {
    let user = Uuid::from_slice(next()?).map_err(|_| BAD)?;
    let (root, account) = (Key::from_slice(next()?)?, Key::from_slice(next()?)?);
    let id = Uuid::from_slice(next()?).map_err(|_| BAD)?;
    Ok(NewMember { user, root, account, slot: KeyObject::new(SLOTS, id, user, next()?.to_vec())? })
}

fn part<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8]> {
    let (length, tail) = rest.split_first_chunk().ok_or(BAD)?;
    let (part, tail) = tail.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or(BAD)?;
    *rest = tail;
    Ok(part)
}
