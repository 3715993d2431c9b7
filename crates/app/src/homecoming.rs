//! Back with two sheets of paper, when every device is lost.

use crate::{
    App, Problem, Session, kit,
    lock::{check_passphrase, made},
    names,
    patients::required,
    session::off_thread,
    settings, syncing,
    views::*,
};
use std::sync::Arc;
use sync::remote::{Remote, mongo::MongoRemote};
use vault::Homecoming;

/// So many documents are asked for at once.
const PAGE: usize = 1_000;

/// The card that leads back to the database, to be printed and kept with the kit. It holds the database's login of this device.
pub fn card(session: &Arc<Session>, _: Nothing) -> Result<DatabaseCardView, Problem> {
    let address = syncing::remote_setting(session)?.ok_or_else(|| Problem::new("no_remote", None))?;
    let address = syncing::realm_address(session.me.realm, &address)?;
    let text = session.vault.database_card(address.secret())?;
    Ok(DatabaseCardView { qr: share::qr::svg(&text)?, text: text.to_string() })
}

/// Makes a record on this computer from what the database keeps: certificates and the person's own grants now, the rest with the first
/// synchronisation.
pub async fn come_back(app: &Arc<App>, ask: ComeBack) -> Result<Made, Problem> {
    let name = required("name", &ask.name)?;
    check_passphrase(&ask.passphrase, &[&name])?;
    let gathered = gather(Homecoming::begin(&ask.card, &ask.kit)?).await?;
    let address = gathered.address().to_owned();
    let (this, now, initials) = (app.clone(), app.clock().now_ms(), names::initials(&name));
    let vault = off_thread(move || {
        let safe = |folder: &std::path::Path| -> Box<dyn vault::Safe> { Box::new(this.safe(folder)) };
        let vault = gathered.finish(this.root(), &ask.passphrase, &initials, now, &safe)?;
        vault.set_setting(syncing::REMOTE, Some(&address))?;
        Ok(vault)
    })
    .await?;
    let session = app.begin(vault).await?;
    settings::set(&session, settings::defaults(&ask.language))?;
    kit::was_used(&session).await?;
    made(&session, None).await
}

async fn gather(mut home: Homecoming) -> Result<Homecoming, Problem> {
    let failed = |error: sync::SyncError| Problem::from(error).passing();
    let address = syncing::realm_address(home.realm(), home.address())?;
    let remote = MongoRemote::connect(&address, Some(home.realm())).await.map_err(failed)?;
    for scope in home.scopes() {
        let mut subscription = model::parcel::Subscription { scope: Some(scope), cursor: 0 };
        loop {
            let page = remote.page(&subscription, PAGE).await.map_err(failed)?;
            subscription.cursor = page.upto;
            let more = page.more;
            home = off_thread(move || {
                home.take(page.parcels)?;
                Ok(home)
            })
            .await?;
            if !more {
                break;
            }
        }
    }
    Ok(home)
}
