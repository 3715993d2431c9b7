//! Hosted links, as the protocol sees them.

use super::log::Journal;
use crate::{Clock, Problem, lan::refused, session::off_thread};
use model::AccessOutcome;
use share::{
    link::hosted_id,
    serve::{self, Answer, Asked, FileStatus},
    tally::{self, Dead, Decision, LinkState, Passcode, Standing},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use sync::remote::{
    hosted::{Below, Count, Counts, HostedFile, HostedLink, LinkId},
    mongo::MongoRemote,
};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// A passcode costs 19 MiB and tens of milliseconds to check.
const HASHED_AT_ONCE: usize = 2;
/// How much encrypted text is kept in memory, in bytes. A file never changes, so what is kept is never old.
const KEPT: usize = 64 * 1024 * 1024;

/// The links of one database.
pub struct HostedLinks {
    remote: Arc<MongoRemote>,
    clock: Arc<dyn Clock>,
    journal: Arc<Journal>,
    hashing: Semaphore,
    texts: Mutex<HashMap<Uuid, Arc<str>>>,
}

/// A link as it was found, with what was counted then.
struct Found {
    link: HostedLink,
    counts: Counts,
}

impl Found {
    fn state(&self) -> LinkState {
        let link = &self.link;
        LinkState {
            standing: match (link.is_revoked, link.is_paused) {
                (true, _) => Standing::Revoked,
                (false, true) => Standing::Paused,
                (false, false) => Standing::Active,
            },
            expires: link.expires,
            max_uses: link.max_uses,
            uses: self.counts.uses,
            passcode_hash: link.passcode_hash.clone(),
            wrong_left: link.wrong_max.saturating_sub(self.counts.wrong),
        }
    }

    /// What one more count must stay below: the same bounds that [`LinkState::dead`] looks at.
    fn below(&self) -> Below {
        Below { uses: self.link.max_uses, wrong: self.link.passcode_hash.as_ref().map(|_| self.link.wrong_max) }
    }
}

impl HostedLinks {
    pub(super) fn new(remote: MongoRemote, clock: Arc<dyn Clock>) -> Self {
        let remote = Arc::new(remote);
        HostedLinks {
            journal: Arc::new(Journal::new(remote.clone())),
            remote,
            clock,
            hashing: Semaphore::new(HASHED_AT_ONCE),
            texts: Mutex::default(),
        }
    }

    /// Writes down what is still to be written.
    pub(super) async fn close(&self) {
        self.journal.write_refused().await;
    }

    fn now(&self) -> u64 {
        self.clock.now_ms() / 1000
    }

    async fn find(&self, id: &LinkId) -> Result<Option<Found>, Problem> {
        Ok(self.remote.hosted_link(id).await?.map(|(link, counts)| Found { link, counts }))
    }

    /// One request: found, judged by the rule book, counted by one atomic change, written down, answered.
    async fn answer(&self, id: &str, asked: &Asked, direct: bool) -> Result<Answer<Vec<serve::HostedFile>>, Problem> {
        let id = hosted_id(id);
        let Some(found) = self.living(&id, asked, direct).await? else { return Ok(Answer::Gone) };
        let (found, passcode) = match found.link.passcode_hash.clone() {
            None => (found, Passcode::Missing),
            Some(hash) => {
                let _place = self.hashing.acquire().await.map_err(|error| Problem::said("internal", &error))?;
                // While others were before it, the last guess may have been spent: then nothing is compared any more.
                let Some(found) = self.living(&id, asked, direct).await? else { return Ok(Answer::Gone) };
                let given = asked.passcode.clone();
                let compared =
                    off_thread(move || Ok(tally::check_passcode(&hash, given.as_ref().map(|text| text.as_str()))?));
                (found, compared.await?)
            }
        };
        self.settle(&found, asked, passcode).await
    }

    /// The link, if it lives. The refusal of a dead one is written down after the answer.
    async fn living(&self, id: &LinkId, asked: &Asked, direct: bool) -> Result<Option<Found>, Problem> {
        let Some(found) = self.find(id).await?.filter(|found| found.link.is_direct == direct) else { return Ok(None) };
        match found.state().dead(self.now()) {
            None => Ok(Some(found)),
            Some(why) => {
                self.refuse(&found, asked, why);
                Ok(None)
            }
        }
    }

    async fn settle(
        &self,
        found: &Found,
        asked: &Asked,
        passcode: Passcode,
    ) -> Result<Answer<Vec<serve::HostedFile>>, Problem> {
        let decision = tally::decide(&mut found.state(), self.now(), passcode);
        let (files, count, outcome) = match decision {
            // Read before it is counted: what cannot be given is no opening.
            Decision::Serve => (self.files(&found.link).await?, Count::Use, AccessOutcome::Granted),
            Decision::WrongPasscode { .. } if passcode == Passcode::Wrong => {
                (Vec::new(), Count::Wrong, AccessOutcome::WrongPasscode)
            }
            Decision::WrongPasscode { remaining } => return Ok(Answer::WrongPasscode { remaining }),
            Decision::Gone(why) => {
                self.refuse(found, asked, why);
                return Ok(Answer::Gone);
            }
        };
        // The rule book judged what was read; the database judges what is there now, in the same step in which it counts.
        let Some(counts) = self.remote.count_hosted(&found.link.id, count, found.below()).await? else {
            self.refuse(found, asked, Dead::Exhausted);
            return Ok(Answer::Gone);
        };
        self.journal.write(&found.link, asked, outcome, self.clock.now_ms()).await?;
        Ok(match count {
            Count::Use => Answer::Give(files),
            Count::Wrong => Answer::WrongPasscode { remaining: found.link.wrong_max.saturating_sub(counts.wrong) },
        })
    }

    fn refuse(&self, found: &Found, asked: &Asked, why: Dead) {
        self.journal.gather(&found.link, asked, refused(why), self.clock.now_ms());
    }

    async fn files(&self, link: &HostedLink) -> Result<Vec<serve::HostedFile>, Problem> {
        let mut files = Vec::new();
        for file in &link.files {
            files.push(self.file_of(file).await?);
        }
        Ok(files)
    }

    async fn file_of(&self, file: &HostedFile) -> Result<serve::HostedFile, Problem> {
        let text = self.text(file).await?;
        Ok(serve::HostedFile {
            id: file.id.to_string(),
            content_type: file.content_type.clone(),
            jwe: text.to_string(),
            last_updated: Some(file.updated),
            status: Some(if file.can_change { FileStatus::CanChange } else { FileStatus::Finalized }),
        })
    }

    async fn text(&self, file: &HostedFile) -> Result<Arc<str>, Problem> {
        if let Some(text) = self.texts().get(&file.id) {
            return Ok(text.clone());
        }
        let text = self.remote.hosted_text(file).await?.ok_or_else(|| Problem::new("file_not_here", None))?;
        let text: Arc<str> = text.into();
        let mut texts = self.texts();
        if texts.values().map(|text| text.len()).sum::<usize>() + text.len() > KEPT {
            texts.clear();
        }
        texts.insert(file.id, text.clone());
        Ok(text)
    }

    fn texts(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Arc<str>>> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn pointed_to(&self, id: &str, file: &str) -> Result<Option<serve::HostedFile>, Problem> {
        let Some(found) = self.find(&hosted_id(id)).await? else { return Ok(None) };
        if found.link.is_revoked || found.link.is_paused {
            return Ok(None);
        }
        match found.link.files.iter().find(|one| one.id.to_string() == file) {
            Some(file) => self.file_of(file).await.map(Some),
            None => Ok(None),
        }
    }
}

fn unavailable<T>(problem: &Problem) -> Answer<T> {
    tracing::warn!(code = problem.code, "a hosted link could not be answered");
    Answer::Unavailable
}

impl serve::Host for HostedLinks {
    fn now(&self) -> u64 {
        HostedLinks::now(self)
    }

    async fn manifest(&self, id: &str, asked: &Asked) -> Answer<Vec<serve::HostedFile>> {
        self.answer(id, asked, false).await.unwrap_or_else(|problem| unavailable(&problem))
    }

    async fn direct(&self, id: &str, asked: &Asked) -> Answer<serve::HostedFile> {
        self.answer(id, asked, true).await.unwrap_or_else(|problem| unavailable(&problem)).only()
    }

    async fn file(&self, id: &str, file: &str) -> Answer<serve::HostedFile> {
        match self.pointed_to(id, file).await {
            Ok(Some(file)) => Answer::Give(file),
            Ok(None) => Answer::Gone,
            Err(problem) => unavailable(&problem),
        }
    }
}
