//! Deliberate bugs: each is written into a copy of the tree, and the simulation must find it. A net that catches nothing
//! proves nothing.

/// A text of a file, and what stands there instead. The text must be there exactly once.
pub type Edit = (&'static str, &'static str, &'static str);

/// One bug.
pub struct Bug {
    /// Short name, for the command line.
    pub name: &'static str,
    /// What went wrong, in words.
    pub what: &'static str,
    pub edits: &'static [Edit],
    /// Seeds within which it must be found.
    pub seeds: u64,
}

/// Every bug.
pub const BUGS: &[Bug] = &[
    Bug {
        name: "cursor-first",
        what: "the cursor moves before the chunks it covers are stored",
        edits: &[(
            "src/client/syncing.rs",
            "            next = book.apply(next, parcel, response, moved).await?;\n",
            "            let mut early = book.core.progress.clone();
            (early.cursor, early.digest) = (response.cursor, response.digest);
            let mut batch = Batch::default();
            Book::<S, H>::put_progress(&mut batch, &early);
            book.store.commit(batch, Durability::Strict).await?;
            next = book.apply(next, parcel, response, moved).await?;\n",
        )],
        seeds: 500,
    },
    Bug {
        name: "actor-reused",
        what: "an actor is used again by the next start",
        edits: &[(
            "src/base/host.rs",
            "        actor[..12].copy_from_slice(&self.start);\n",
            "",
        )],
        seeds: 50,
    },
    Bug {
        name: "receipt-early",
        what: "the endpoint receipts a change that it does not store",
        edits: &[(
            "src/sync/hub.rs",
            "            let seq = append(log, change)?;\n",
            "            let ahead = log.end()?.seq + 1;
            if ahead % 17 == 0 {
                self.receipt(one.position, ahead);
                continue;
            }
            let seq = append(log, change)?;\n",
        )],
        seeds: 50,
    },
    Bug {
        name: "order-matters",
        what: "what is shown depends on the order in which changes arrived",
        edits: &[(
            "src/index/row.rs",
            "    document.heads().iter().for_each(|head| sha.update(head.0));\n",
            "    document.hashes().iter().for_each(|head| sha.update(head.0));\n",
        )],
        seeds: 50,
    },
    Bug {
        name: "rollback-trusted",
        what: "the cursor of a feed that was rolled back is taken for one of this feed",
        edits: &[(
            "src/sync/hub.rs",
            "log.row(seq)?.is_some_and(|row| row.digest == request.digest);",
            "seq > 0;",
        )],
        seeds: 500,
    },
    Bug {
        name: "digest-ignored",
        what: "a row is left out of a page, and the phone never compares digests",
        edits: &[
            (
                "src/sync/hub.rs",
                "rows.into_iter().filter(|row| !carried.contains(&row.seq))",
                "rows.into_iter().filter(|row| !carried.contains(&row.seq) && row.seq % 13 != 0)",
            ),
            (
                "src/client/syncing.rs",
                "        if digest != response.digest {\n",
                "        digest = response.digest;\n        if progress.digest == digest && digest != response.digest {\n",
            ),
        ],
        seeds: 50,
    },
    Bug {
        name: "judged-too-early",
        what: "work is judged on a feed that lost what it stands on",
        edits: &[(
            "src/sync/hub.rs",
            "    if known || !matches!(request.ask, Ask::Feed) {\n",
            "    if known || request.presence < u64::MAX {\n",
        )],
        seeds: 1000,
    },
    Bug {
        name: "foreign-change",
        what: "a change of one document is valid in another",
        edits: &[(
            "src/doc/genesis.rs",
            "    bytes[place..place + 16].copy_from_slice(id.as_bytes());\n",
            "    let _ = (place, id);\n",
        )],
        seeds: 500,
    },
    // Stopped twice: by the run lengths, and because the document is saved and loaded before anything is stored.
    Bug {
        name: "bomb",
        what: "a million operations in a hundred bytes are let in",
        edits: &[
            (
                "src/doc/header.rs",
                "        if rows.max(grouped) > CHANGE_OPS_MAX {\n",
                "        if rows.max(grouped) > CHANGE_OPS_MAX * 1_000_000 {\n",
            ),
            (
                "src/doc/snapshot.rs",
                "            if rows > rows_max || ",
                "            if rows > rows_max * 1_000_000 || ",
            ),
            (
                "src/doc/snapshot.rs",
                "        if taken > DOCUMENT_OPS_MAX {\n",
                "        if taken > DOCUMENT_OPS_MAX * 1_000_000 {\n",
            ),
            (
                "src/sync/admission.rs",
                "self.facts.ops + header.ops > DOCUMENT_OPS_MAX",
                "self.facts.ops > DOCUMENT_OPS_MAX",
            ),
        ],
        seeds: 500,
    },
    Bug {
        name: "sequence-gap",
        what: "an actor may leave out a number",
        edits: &[(
            "src/sync/admission.rs",
            "        if header.seq != last + 1 {\n",
            "        if header.seq <= last {\n",
        )],
        seeds: 500,
    },
    // Stopped twice: by the numbers, and because the document is saved and loaded before anything is stored.
    Bug {
        name: "low-start",
        what: "operation numbers may lie below those that a change builds on",
        edits: &[
            (
                "src/sync/admission.rs",
                "header.start_op <= ancestors || ",
                "ancestors == u64::MAX || ",
            ),
            (
                "src/doc/document.rs",
                "        let again = Self::load(self.kind, self.id, &saved).ok()?;\n        (again.heads() == self.heads()).then_some(saved)\n",
                "        Some(saved)\n",
            ),
        ],
        seeds: 500,
    },
    Bug {
        name: "high-start",
        what: "operation numbers may lie far beyond the document's",
        edits: &[(
            "src/sync/admission.rs",
            " || header.start_op > self.facts.max_op + 1",
            "",
        )],
        seeds: 500,
    },
    Bug {
        name: "unsigned",
        what: "signatures are not checked",
        edits: &[(
            "src/sync/hub.rs",
            "    if !judge.verify(&public_key, &message, &bundle.signature) {\n",
            "    if !judge.verify(&public_key, &message, &bundle.signature) && message.is_empty() {\n",
        )],
        seeds: 500,
    },
    Bug {
        name: "unseen-overwritten",
        what: "a save overwrites a value that arrived while the form was open",
        edits: &[(
            "src/client/phone.rs",
            "            let base = edit.base.unwrap_or_else(|| shelved.document.heads());\n",
            "            let base = Some(shelved.document.heads()).or(edit.base).unwrap_or_default();\n",
        )],
        seeds: 200,
    },
    Bug {
        name: "shared-key",
        what: "two phones put an object at one key",
        edits: &[(
            "src/base/id.rs",
            "        bytes[6..].copy_from_slice(&entropy);\n",
            "        let _ = entropy;\n",
        )],
        seeds: 200,
    },
    Bug {
        name: "chunks-first",
        what: "the chunks go before the snapshot that replaces them is stored",
        edits: &[
            (
                "src/client/shelf.rs",
                "    store.commit(batch, Durability::Strict).await?;\n    let stored = ",
                "    let mut gone = Batch::default();
    shelved.keys.iter().for_each(|old| gone.delete(Table::Chunk, old.clone()));
    store.commit(gone, Durability::Strict).await?;
    store.commit(batch, Durability::Strict).await?;\n    let stored = ",
            ),
            // Documents are folded sooner, so that it happens in short stories too.
            (
                "src/base/limits.rs",
                "CHUNKS_BEFORE_SNAPSHOT: usize = 24",
                "CHUNKS_BEFORE_SNAPSHOT: usize = 4",
            ),
        ],
        seeds: 500,
    },
    Bug {
        name: "outbox-first",
        what: "a change leaves the outbox when it is sent, not when its receipt is stored",
        edits: &[(
            "src/client/syncing.rs",
            "            Next::Feed if !book.core.outbox.has_relays() => book.core.outbox.parcel(),\n",
            "            Next::Feed if !book.core.outbox.has_relays() => {
                let parcel = book.core.outbox.parcel();
                let gone = parcel.slots().map(|(_, slot)| slot).collect();
                let mut batch = Batch::default();
                book.core.outbox.delete(&mut batch, &gone);
                book.store.commit(batch, Durability::Strict).await?;
                parcel
            }\n",
        )],
        seeds: 100,
    },
    Bug {
        name: "not-durable",
        what: "saved is said before the disk has it",
        edits: &[(
            "src/client/phone.rs",
            "            self.store.commit(batch, Durability::Strict).await?;\n        }\n        self.core.outbox.take(waiting);",
            "            self.store.commit(batch, Durability::Relaxed).await?;\n        }\n        self.core.outbox.take(waiting);",
        )],
        seeds: 100,
    },
    Bug {
        name: "full-ignored",
        what: "saved is said although the storage was full",
        edits: &[(
            "src/client/phone.rs",
            "            self.store.commit(batch, Durability::Strict).await?;\n        }\n        self.core.outbox.take(waiting);",
            "            let _ = self.store.commit(batch, Durability::Strict).await;\n        }\n        self.core.outbox.take(waiting);",
        )],
        seeds: 100,
    },
    Bug {
        name: "difference-hidden",
        what: "of two live values the later writer's is shown, and no difference",
        edits: &[(
            "src/doc/record.rs",
            "        live.iter().any(|other| other.value != live[0].value)\n",
            "        live.len() > 9 && live.iter().any(|other| other.value != live[0].value)\n",
        )],
        seeds: 50,
    },
    Bug {
        name: "last-writer",
        what: "status is a record that the last writer sets, instead of being folded from events",
        edits: &[(
            "src/client/screens/events.rs",
            "        let at = At::table(\"events\", self.host.record_id());\n        puts.push(event.create(&at));\n",
            "        let at = At::table(\"events\", crate::base::id::RecordId([7; 16]));
        match lens.document.record(&at) {
            None => puts.push(event.create(&at)),
            Some(_) => puts.extend([\"subject\", \"kind\", \"on\"].map(|key| crate::doc::Put::Value {
                at: at.clone(),
                key: key.into(),
                value: event.values.text(key).to_string().as_str().into(),
            })),
        }\n",
        )],
        seeds: 50,
    },
    Bug {
        name: "orphan-lost",
        what: "a change whose ancestors are not here is receipted and forgotten, instead of asking for them",
        edits: &[(
            "src/sync/admission.rs",
            "            return Ok(Err(Refused {
                code: RefusalCode::UnknownDependency,
                need,
            }));\n",
            "            return Ok(Ok(Verdict::Known(self.log.end()?.seq)));\n",
        )],
        seeds: 100,
    },
    Bug {
        name: "settled-by-nobody",
        what: "settling for a value that is shown leaves it with its old writer",
        edits: &[(
            "src/doc/edit.rs",
            "    tx.delete(object, key).map_err(|_| EditError::Rejected)?;\n",
            "",
        )],
        seeds: 100,
    },
    Bug {
        name: "proof-forgotten",
        what: "a phone forgets that the endpoint was rolled back, and leaves what was refused of others in its document",
        edits: &[
            (
                "src/client/syncing.rs",
                "                progress.lost = Some((progress.cursor, progress.digest));\n",
                "                progress.lost = None;\n",
            ),
            (
                "src/client/syncing.rs",
                "            let code = match (others, self",
                "            if others && !relayed {
                continue;
            }
            let code = match (others, self",
            ),
        ],
        seeds: 2000,
    },
    Bug {
        name: "received-early",
        what: "队友已收到 is said as soon as the endpoint has it",
        edits: &[(
            "src/client/standing.rs",
            "            .filter(|one| one.seq < seq)\n",
            "            .filter(|one| one.seq == 0 && seq > 0)\n",
        )],
        seeds: 200,
    },
    Bug {
        name: "joined-twice",
        what: "a family that was joined to another one is still counted by itself",
        edits: &[(
            "src/client/rows.rs",
            "            .filter(|(id, _)| !twins.households.joined().is_led(*id))\n",
            "",
        )],
        seeds: 100,
    },
    Bug {
        name: "undone-still",
        what: "a decision about families that was undone still holds",
        edits: &[(
            "src/index/row.rs",
            "    let links = records.links().into_iter().filter(|link| !link.void);\n",
            "    let links = records.links().into_iter();\n",
        )],
        seeds: 500,
    },
];
