-- Groups of inspectors: spaces that hold findings before a village hears of them, and the villages that each covers.

ALTER TABLE space ADD COLUMN is_group INTEGER NOT NULL DEFAULT 0;

CREATE TABLE area (
  space   BLOB NOT NULL REFERENCES space (id),
  village BLOB NOT NULL REFERENCES space (id),
  from_s  INTEGER NOT NULL,
  PRIMARY KEY (space, village)
) STRICT, WITHOUT ROWID;
CREATE INDEX area_village ON area (village);
