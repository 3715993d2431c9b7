//! Shares that a link host serves: where the host is, what it is told of them, and what it has counted and written down.
//!
//! What the host should know follows from the share as it stands in the vault, so it is put up again whenever it differs from what was put
//! up last: whatever was interrupted, or changed without a network, is made up for by the next [`exchange`].

mod filing;
mod memory;

use crate::{
    App, Event, Problem, Session,
    ask::of,
    host::PublicAddress,
    patients::tidy,
    problem::not_allowed,
    session::{fields_and_nulls, off_thread},
    shares, syncing,
    views::*,
};
pub(crate) use memory::counted;
use memory::{Known, Memory};
use model::{Clinic, Role, ShareToken};
use serde_json::json;
use share::{Link, link::hosted_id, tally};
use std::{
    collections::BTreeSet,
    sync::{Arc, Weak},
    time::Duration,
};
use sync::remote::{
    hosted::{HostedFile, HostedLink},
    mongo::{MongoRemote, setup},
};
use tokio::sync::broadcast;
use uuid::Uuid;
use vault::Row;

/// How often the host is asked what it counted, while shares are open there.
const ROUND: Duration = Duration::from_secs(60);
/// For so long after the last word about a share the host is asked about it, in milliseconds: 30 days.
const HEARD_MS: i64 = 30 * 86_400_000;
/// After a change so long is waited for more of them.
const GATHERED: Duration = Duration::from_secs(1);

/// The exchange with the link host, of one session.
#[derive(Default)]
pub struct Hosting {
    /// One exchange at a time, over one connection.
    line: tokio::sync::Mutex<Option<(String, Arc<MongoRemote>)>>,
}

/// Where the realm's link host is.
pub fn view(session: &Arc<Session>, _: Nothing) -> Result<LinkHostView, Problem> {
    Ok(LinkHostView { address: address(session)?.map(|host| host.base()), may_change: may_change(session) })
}

/// Sets or forgets it. Shares that are there stay where their links say.
pub fn set(session: &Arc<Session>, ask: SetLinkHost) -> Result<LinkHostView, Problem> {
    if !may_change(session) {
        return Err(not_allowed());
    }
    let host = tidy(ask.address.as_deref()).as_deref().map(PublicAddress::parse).transpose()?;
    let (realm, values) = (session.me.realm, fields_and_nulls(json!({ "link_host": host.map(|host| host.base()) })));
    session.write(|w| w.put::<Clinic>(realm, realm, &values))?;
    view(session, Nothing {})
}

fn may_change(session: &Session) -> bool {
    matches!(session.me.role, Role::Admin | Role::SuperAdmin)
}

/// The realm's link host, if it has one.
pub(crate) fn address(session: &Session) -> Result<Option<PublicAddress>, Problem> {
    let clinic = session.vault.get::<Clinic>(session.me.realm)?;
    clinic.and_then(|row| row.value.link_host).as_deref().map(PublicAddress::parse).transpose()
}

/// Makes the database user of the link host, or gives it a new password, with an administrator's address that is used once and not kept.
pub async fn make_login(_: &Arc<App>, session: &Arc<Session>, ask: SetUpRealm) -> Result<HostLogin, Problem> {
    if session.me.role != Role::SuperAdmin {
        return Err(not_allowed());
    }
    let (address, remote) = crate::realm::connect(session, &ask.address).await?;
    let login = remote.make_host_login().await?;
    Ok(HostLogin {
        user: setup::HOST_LOGIN.to_owned(),
        address: address.with_login(&login.name, &login.password)?.secret().to_owned(),
    })
}

/// Is what stands in the vault what the host was told?
pub(crate) fn is_put_up(session: &Session, row: &Row<ShareToken>) -> Result<bool, Problem> {
    Ok(Memory::read(session)?.of(row.id).is_some_and(|known| known.stamp == Some(row.stamp.0)))
}

/// Tells the host what changed, and fetches what it counted and wrote down. Without a remote, while a person has paused reconciling, or
/// without hosted shares, nothing is done.
///
/// # Errors
/// Those of a connection; what was done by then stays done.
pub async fn exchange(session: &Arc<Session>) -> Result<(), Problem> {
    if syncing::is_paused(session)? {
        return Ok(());
    }
    let Some(text) = syncing::remote_setting(session)? else { return Ok(()) };
    let mut line = session.hosting.line.lock().await;
    let this = session.clone();
    let plan = off_thread(move || Plan::make(&this)).await?;
    if plan.is_empty() {
        return Ok(());
    }
    let remote = match line.take() {
        Some((same, remote)) if same == text => remote,
        _ => {
            let address = syncing::realm_address(session.me.realm, &text)?;
            Arc::new(MongoRemote::connect(&address, Some(session.me.realm)).await?)
        }
    };
    *line = Some((text, remote.clone()));
    plan.carry_out(session, &remote).await?;
    filing::fetch(session, &remote, &plan.open).await
}

/// A link that is to be put up, or told of anew.
struct Put {
    share: Uuid,
    link: HostedLink,
    /// The encrypted texts of its files.
    texts: Vec<(Uuid, String)>,
}

/// What is to be done at the host.
struct Plan {
    puts: Vec<Put>,
    /// Shares that are no longer in the vault.
    ended: Vec<(Uuid, [u8; 32])>,
    /// Shares of which the host is asked.
    open: Vec<Uuid>,
}

impl Plan {
    fn make(session: &Session) -> Result<Plan, Problem> {
        let memory = Memory::read(session)?;
        let (mut puts, mut open) = (Vec::new(), Vec::new());
        let mut rows = session.vault.list::<ShareToken>(&of("is_revoked", false))?;
        // Whoever still tries a share that was taken back is told of for a while.
        let heard = session.now().ms() - HEARD_MS;
        for (id, _) in memory.all().filter(|(_, known)| !known.ended) {
            if rows.iter().all(|row| row.id != id) {
                rows.extend(session.vault.get::<ShareToken>(id)?.filter(|row| row.updated_at.ms() > heard));
            }
        }
        let here: BTreeSet<Uuid> = rows.iter().map(|row| row.id).collect();
        for row in rows.into_iter().filter(|row| is_own(session, row)) {
            open.push(row.id);
            match put(session, &memory, row) {
                Ok(put) => puts.extend(put),
                // A share whose file is still on its way here is told of by the device that made it.
                Err(problem) if problem.code == "file_not_here" => {}
                Err(problem) => return Err(problem),
            }
        }
        let gone = memory.all().filter(|(id, known)| !known.over && !known.ended && !here.contains(id));
        let ended = gone.map(|(id, known)| (id, known.link)).collect();
        Ok(Plan { puts, ended, open })
    }

    fn is_empty(&self) -> bool {
        self.puts.is_empty() && self.ended.is_empty() && self.open.is_empty()
    }

    async fn carry_out(&self, session: &Arc<Session>, remote: &MongoRemote) -> Result<(), Problem> {
        for Put { share, link, texts } in &self.puts {
            remote.put_hosted(link, texts, session.clock.now_ms()).await?;
            Memory::change(session, *share, |known| {
                *known = Known { link: link.id, stamp: Some(link.stamp.0), over: link.is_revoked, ..known.clone() };
            })?;
        }
        for (share, link) in &self.ended {
            remote.end_hosted(link, session.clock.now_ms()).await?;
            Memory::change(session, *share, |known| known.ended = true)?;
        }
        Ok(())
    }
}

/// Is it served by a host, and this person's who had the last word about it? Their devices tell the host, and no others: whoever loses
/// sight of a chart must not end what somebody else shares of it.
fn is_own(session: &Session, row: &Row<ShareToken>) -> bool {
    row.value.link_host.is_some() && row.author == Some(session.me.user)
}

/// What the host should be told of a share, unless it was.
fn put(session: &Session, memory: &Memory, row: Row<ShareToken>) -> Result<Option<Put>, Problem> {
    // A long-lived share follows the chart.
    let row = if shares::is_live(session, &row)? { shares::bring_up_to_date(session, row)? } else { row };
    if memory.of(row.id).is_some_and(|known| known.stamp == Some(row.stamp.0)) {
        return Ok(None);
    }
    let link = Link::parse(&row.value.encrypted_token)?;
    let files = crate::lan::hosted(session, &row)?;
    let mut texts = Vec::new();
    let mut hosted = Vec::new();
    for file in files {
        let id = Uuid::parse_str(&file.id).map_err(|error| Problem::said("internal", &error))?;
        hosted.push(HostedFile {
            id,
            content_type: file.content_type,
            length: file.jwe.len() as u64,
            updated: file.last_updated.unwrap_or_default(),
            can_change: link.flags().long_term,
        });
        texts.push((id, file.jwe));
    }
    Ok(Some(Put { share: row.id, link: told(session, &row, &link, hosted), texts }))
}

/// All that leaves in clear. The label, whose records they are and what is in them do not.
fn told(session: &Session, row: &Row<ShareToken>, link: &Link, files: Vec<HostedFile>) -> HostedLink {
    let token = &row.value;
    HostedLink {
        id: hosted_id(&token.manifest_id),
        realm: session.me.realm,
        stamp: row.stamp,
        is_revoked: token.is_revoked,
        is_paused: token.is_paused,
        expires: token.expires_at.map(|at| at.unsigned_ms() / 1000),
        max_uses: token.max_access_count,
        passcode_hash: token.passcode_hash.clone(),
        wrong_max: tally::WRONG_BUDGET,
        is_direct: link.flags().direct,
        audit_key: share::audit::public_key(link.key()),
        files,
    }
}

/// Keeps the host told while the vault is open: after each change of a share, after each round with the remote, and now and then.
pub(crate) async fn watch(session: Weak<Session>, mut events: broadcast::Receiver<Event>) {
    loop {
        let due = tokio::select! {
            () = tokio::time::sleep(ROUND) => true,
            event = events.recv() => match event {
                Ok(Event::Changed { collections, .. }) => collections.iter().any(|name| name == "share_tokens"),
                Ok(Event::Session { stage }) if stage != Stage::Open => return,
                Ok(_) => false,
                Err(broadcast::error::RecvError::Lagged(_)) => true,
                Err(broadcast::error::RecvError::Closed) => return,
            },
        };
        if !due {
            continue;
        }
        tokio::time::sleep(GATHERED).await;
        let Some(session) = session.upgrade() else { return };
        // Told as the engine's own state: it meets the same trouble.
        if let Err(problem) = exchange(&session).await {
            tracing::info!(code = problem.code, "the link host could not be told");
        }
    }
}
