-- Photos and signatures: which space may read which. The bytes are files named by their digest.

CREATE TABLE blob (
  space      BLOB NOT NULL REFERENCES space (id),
  sha256     BLOB NOT NULL CHECK (length(sha256) = 32),
  bytes      INTEGER NOT NULL,
  -- Who handed it over, and when.
  device     BLOB NOT NULL,
  received_s INTEGER NOT NULL,
  PRIMARY KEY (space, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_sha256 ON blob (sha256);
CREATE INDEX blob_device ON blob (device, received_s);
CREATE INDEX blob_received ON blob (received_s);
