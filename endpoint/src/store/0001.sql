-- First schema. Migrations are numbered and only go forward; a released file never changes.

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE space (
  id       BLOB PRIMARY KEY CHECK (length(id) = 16),
  -- Of the keyed hashes of identity numbers; phones have it.
  key      BLOB NOT NULL CHECK (length(key) = 32),
  -- Of cursors; never sent.
  secret   BLOB NOT NULL DEFAULT (randomblob(32)) CHECK (length(secret) = 32),
  made_s   INTEGER NOT NULL,
  -- Where the feed ends.
  seq      INTEGER NOT NULL DEFAULT 0,
  running  BLOB NOT NULL DEFAULT (zeroblob(32)) CHECK (length(running) = 32),
  digest   BLOB NOT NULL DEFAULT (zeroblob(32)) CHECK (length(digest) = 32),
  presence INTEGER NOT NULL DEFAULT 0,
  -- A phone proved that this feed had gone further once.
  rolled_back INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Official codes and names are dated labels of a space, so that a merged or renamed village changes no id.
CREATE TABLE label (
  space  BLOB NOT NULL REFERENCES space (id),
  kind   TEXT NOT NULL CHECK (kind IN ('code', 'name')),
  value  TEXT NOT NULL,
  from_s INTEGER NOT NULL,
  to_s   INTEGER,
  PRIMARY KEY (space, kind, from_s, value)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX label_code ON label (value) WHERE kind = 'code' AND to_s IS NULL;

CREATE TABLE document (
  id     BLOB PRIMARY KEY CHECK (length(id) = 16),
  kind   INTEGER NOT NULL,
  max_op INTEGER NOT NULL,
  ops    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- state: 1 = here, 2 = retired.
CREATE TABLE doc_space (
  doc   BLOB NOT NULL REFERENCES document (id),
  space BLOB NOT NULL REFERENCES space (id),
  state INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (doc, space)
) STRICT, WITHOUT ROWID;
CREATE INDEX doc_space_space ON doc_space (space, doc);

CREATE TABLE change (
  id       INTEGER PRIMARY KEY,
  doc      BLOB NOT NULL REFERENCES document (id),
  hash     BLOB NOT NULL CHECK (length(hash) = 32),
  actor    BLOB NOT NULL,
  seq      INTEGER NOT NULL,
  start_op INTEGER NOT NULL,
  max_op   INTEGER NOT NULL,
  ops      INTEGER NOT NULL,
  bytes    BLOB NOT NULL,
  UNIQUE (doc, hash)
) STRICT;
CREATE INDEX change_order ON change (doc, id);

CREATE TABLE feed (
  space      BLOB NOT NULL REFERENCES space (id),
  seq        INTEGER NOT NULL,
  doc        BLOB NOT NULL,
  hash       BLOB NOT NULL,
  device     BLOB NOT NULL,
  received_s INTEGER NOT NULL,
  -- Running hash and digest after this row.
  running    BLOB NOT NULL,
  digest     BLOB NOT NULL,
  PRIMARY KEY (space, seq),
  FOREIGN KEY (doc, hash) REFERENCES change (doc, hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX feed_change ON feed (doc, hash, space);

-- An actor is bound to its device by its first bundle.
CREATE TABLE actor (
  doc    BLOB NOT NULL REFERENCES document (id),
  actor  BLOB NOT NULL,
  device BLOB NOT NULL,
  seq    INTEGER NOT NULL,
  PRIMARY KEY (doc, actor)
) STRICT, WITHOUT ROWID;

-- A document as saved when `upto` was its newest change.
CREATE TABLE snapshot (
  doc    BLOB PRIMARY KEY REFERENCES document (id),
  upto   INTEGER NOT NULL,
  bytes  BLOB NOT NULL,
  sha256 BLOB NOT NULL
) STRICT;

CREATE TABLE member (
  id     BLOB PRIMARY KEY CHECK (length(id) = 16),
  name   TEXT NOT NULL,
  phone  TEXT NOT NULL,
  made_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE grant_ (
  space     BLOB NOT NULL REFERENCES space (id),
  member    BLOB NOT NULL REFERENCES member (id),
  role      INTEGER NOT NULL,
  granted_s INTEGER NOT NULL,
  PRIMARY KEY (space, member)
) STRICT, WITHOUT ROWID;

-- Whom a roster names as a paired helper: the id that the person has, or will have after joining.
CREATE TABLE helper (
  space  BLOB NOT NULL REFERENCES space (id),
  member BLOB NOT NULL REFERENCES member (id),
  PRIMARY KEY (space, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
  id         BLOB PRIMARY KEY CHECK (length(id) = 16),
  member     BLOB NOT NULL REFERENCES member (id),
  public_key BLOB NOT NULL CHECK (length(public_key) = 65),
  -- SHA-256 of the bearer token; nothing for the endpoint's own device, which asks nobody.
  token_hash BLOB,
  label      TEXT NOT NULL,
  enrolled_s INTEGER NOT NULL,
  revoked_s  INTEGER,
  seen_s     INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE presence (
  space  BLOB NOT NULL REFERENCES space (id),
  device BLOB NOT NULL REFERENCES device (id),
  seq    INTEGER NOT NULL,
  moved  INTEGER NOT NULL,
  PRIMARY KEY (space, device)
) STRICT, WITHOUT ROWID;

-- Signatures of what devices handed over, as evidence.
CREATE TABLE bundle (
  space      BLOB NOT NULL REFERENCES space (id),
  device     BLOB NOT NULL REFERENCES device (id),
  message    BLOB NOT NULL,
  signature  BLOB NOT NULL,
  PRIMARY KEY (space, device, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
  token_hash   BLOB PRIMARY KEY,
  code_hash    BLOB NOT NULL UNIQUE,
  space        BLOB NOT NULL REFERENCES space (id),
  member       BLOB NOT NULL REFERENCES member (id),
  role         INTEGER NOT NULL,
  inviter      BLOB NOT NULL REFERENCES member (id),
  made_s       INTEGER NOT NULL,
  expires_s    INTEGER NOT NULL,
  revoked_s    INTEGER,
  spent_s      INTEGER,
  spent_device BLOB REFERENCES device (id)
) STRICT, WITHOUT ROWID;

-- First loads, made at a place of the feed. Old ones stay for a while, so that a load under way can go on.
CREATE TABLE pack (
  id       INTEGER PRIMARY KEY,
  space    BLOB NOT NULL REFERENCES space (id),
  seq      INTEGER NOT NULL,
  made_s   INTEGER NOT NULL,
  manifest BLOB NOT NULL
) STRICT;
CREATE INDEX pack_space ON pack (space, seq);

CREATE TABLE block (
  sha256 BLOB PRIMARY KEY,
  brotli BLOB NOT NULL
) STRICT;

CREATE TABLE pack_block (
  pack   INTEGER NOT NULL REFERENCES pack (id) ON DELETE CASCADE,
  place  INTEGER NOT NULL,
  sha256 BLOB NOT NULL REFERENCES block (sha256),
  PRIMARY KEY (pack, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX pack_block_sha ON pack_block (sha256);
