-- The tables of the engine. Ids are UUIDs as text; stamps and digests are bytes; times are milliseconds since 1970.

-- Changes that wait to be sent, one for each document, sealed. Rows of one local transaction share a tx.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  rank INTEGER NOT NULL, -- 0: keys and trust, sent first; 1: the rest
  tx INTEGER NOT NULL,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  scope TEXT NOT NULL,
  class TEXT NOT NULL,
  stamp BLOB NOT NULL,
  body BLOB NOT NULL,
  tokens BLOB NOT NULL,
  bytes INTEGER NOT NULL,
  UNIQUE (collection, id)
) STRICT;
-- Their number, bytes and oldest stamp are read from the index alone.
CREATE INDEX outbox_order ON outbox (rank, tx, seq, bytes, stamp);
CREATE INDEX outbox_tx ON outbox (tx);

-- The batch that is being sent: its members were fixed before the first attempt.
CREATE TABLE batches (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  journal BLOB NOT NULL -- the signed entry, byte for byte
) STRICT;
CREATE TABLE batch_parcels (
  number INTEGER NOT NULL REFERENCES batches (number),
  position INTEGER NOT NULL,
  tx INTEGER NOT NULL,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  scope TEXT NOT NULL,
  class TEXT NOT NULL,
  stamp BLOB NOT NULL,
  base INTEGER NOT NULL, -- the remote revision that it was built on
  body BLOB NOT NULL,
  tokens BLOB NOT NULL,
  PRIMARY KEY (number, position)
) STRICT;
CREATE INDEX batch_document ON batch_parcels (collection, id);

-- Keys and trust: signed or sealed objects, byte for byte.
CREATE TABLE objects (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  scope TEXT NOT NULL,
  stamp BLOB NOT NULL,
  by TEXT NOT NULL,
  rev INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  body BLOB NOT NULL,
  pending INTEGER NOT NULL DEFAULT 0, -- 1: a grant that could not be opened yet
  PRIMARY KEY (collection, id)
) STRICT;

-- How far each device's journal is known.
CREATE TABLE heads (
  device TEXT PRIMARY KEY,
  n INTEGER NOT NULL,
  hash BLOB NOT NULL,
  at INTEGER NOT NULL, -- the time in the newest entry
  told INTEGER NOT NULL DEFAULT 0, -- what our own journal last said we had seen
  claimed INTEGER NOT NULL DEFAULT 0, -- the highest that any other device has seen
  frozen INTEGER NOT NULL DEFAULT 0 -- 1: two entries with one number were seen
) STRICT;

-- Findings about journals that a person must hear of.
CREATE TABLE alerts (
  seq INTEGER PRIMARY KEY,
  code TEXT NOT NULL,
  device TEXT NOT NULL,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (code, device, n)
) STRICT;

-- Signed statements, byte for byte; the row of the collection shows them with their amendments.
CREATE TABLE statements (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  stamp BLOB NOT NULL,
  signed BLOB NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT;

-- What journal entries say about documents: which digest a device vouches for.
CREATE TABLE covered (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  stamp BLOB NOT NULL,
  digest BLOB NOT NULL,
  device TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (collection, id, stamp, digest, device)
) STRICT, WITHOUT ROWID;

-- Documents of which a journal entry knows a newer version than the one that is held.
CREATE TABLE behind (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  stamp BLOB NOT NULL,
  device TEXT NOT NULL,
  n INTEGER NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT;

-- Values that no longer show.
CREATE TABLE history (
  seq INTEGER PRIMARY KEY,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  stamp BLOB NOT NULL,
  author TEXT,
  device TEXT,
  kind TEXT NOT NULL -- written: a later write took its place; displaced: a merge did
) STRICT;
CREATE INDEX history_document ON history (collection, id, key, stamp);

-- The last version that both sides agreed on, kept while the row differs from it.
CREATE TABLE agreed (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  doc TEXT NOT NULL,
  stamps TEXT NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT;

-- Parcels that came before their key or their journal entry.
CREATE TABLE waiting (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  rev INTEGER NOT NULL,
  scope TEXT NOT NULL,
  class TEXT NOT NULL,
  stamp BLOB NOT NULL,
  by TEXT NOT NULL,
  schema INTEGER NOT NULL,
  body BLOB NOT NULL,
  tokens BLOB NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (collection, id, rev)
) STRICT;
CREATE INDEX waiting_by ON waiting (by, rev);
CREATE INDEX waiting_scope ON waiting (scope, rev);

-- Parcels set aside: they could not be trusted, read or sent.
CREATE TABLE quarantine (
  seq INTEGER PRIMARY KEY,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  rev INTEGER NOT NULL,
  scope TEXT NOT NULL,
  class TEXT NOT NULL,
  stamp BLOB NOT NULL,
  by TEXT NOT NULL,
  schema INTEGER NOT NULL,
  body BLOB NOT NULL,
  tokens BLOB NOT NULL,
  reason TEXT NOT NULL,
  own INTEGER NOT NULL, -- 1: ours, refused by the remote
  at INTEGER NOT NULL,
  UNIQUE (collection, id, stamp, by, own, reason)
) STRICT;

-- What the remote has and is for one other person alone: known by name, not kept.
CREATE TABLE others (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  rev INTEGER NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT, WITHOUT ROWID;

-- How far each subscription has come; the empty scope is the whole realm.
CREATE TABLE cursors (
  scope TEXT PRIMARY KEY,
  cursor INTEGER NOT NULL
) STRICT;

-- Encrypted files. Their keys stand in the records that own them.
CREATE TABLE blobs (
  id TEXT PRIMARY KEY,
  scope TEXT NOT NULL,
  length INTEGER NOT NULL, -- of the ciphertext
  sha256 BLOB NOT NULL, -- of the ciphertext
  segments INTEGER NOT NULL,
  state TEXT NOT NULL, -- kept: here, not sent; sent: here and there; wanted: there, not here; away: there, and not asked for
  asked INTEGER NOT NULL DEFAULT 0 -- somebody waits for it
) STRICT;
CREATE INDEX blobs_order ON blobs (state, asked DESC, length);

-- Charts whose files are all fetched ahead of time.
CREATE TABLE pinned (
  chart TEXT PRIMARY KEY
) STRICT;

-- Devices by the tag that stands in their stamps, so that a value can be attributed.
CREATE TABLE devices (
  tag BLOB PRIMARY KEY,
  device TEXT NOT NULL,
  user TEXT NOT NULL
) STRICT;

CREATE TABLE drafts (
  id TEXT PRIMARY KEY,
  author TEXT NOT NULL,
  patient TEXT,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- What the engine remembers: accumulator, clock, journal state, device keys, epoch.
CREATE TABLE state (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

-- Invitations made here. Each counts once; the secret in the text opens the request.
CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  text TEXT NOT NULL,
  invitee TEXT NOT NULL,
  expires INTEGER NOT NULL, -- seconds since 1970
  used INTEGER NOT NULL DEFAULT 0,
  first TEXT -- the sixteen letters of the request that was read first; empty once another one came
) STRICT;
