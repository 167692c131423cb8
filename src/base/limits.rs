//! Named limits, unit last. Whoever exceeds one gets a typed error that names it.

/// One change, as bytes: a visit with long notes is below 10 kB.
pub const CHANGE_BYTES_MAX: usize = 256 * 1024;
/// Operations in one change, counted from the run lengths before anything is expanded.
pub const CHANGE_OPS_MAX: u64 = 20_000;
/// Operations in one document over its life; 200 visits of 40 answers with notes stay below 60,000.
pub const DOCUMENT_OPS_MAX: u64 = 400_000;
/// A document as stored, bytes.
pub const DOCUMENT_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The columns of a stored document inflated, bytes; also its keys, written out for every operation that has them.
pub const DOCUMENT_INFLATED_MAX: usize = 32 * 1024 * 1024;
/// Changes of one document; a log of a month or the place document of a busy village holds some thousands.
pub const DOCUMENT_CHANGES_MAX: u64 = 65_536;
/// Dependencies of all changes of one document.
pub const DOCUMENT_DEPS_MAX: u64 = 4 * DOCUMENT_CHANGES_MAX;
/// Actors of one document: every start of the app that writes into it brings one.
pub const DOCUMENT_ACTORS_MAX: u64 = 16_384;
/// Changes times actors of one document: the library keeps a clock of all actors at every sixteenth change.
pub const DOCUMENT_CLOCKS_MAX: u64 = 256 * 1024 * 1024;
/// Dependencies of one change.
pub const CHANGE_DEPS_MAX: usize = 256;
/// Actors named in one change.
pub const CHANGE_ACTORS_MAX: usize = 1_024;
/// A frame on the wire, compressed.
pub const FRAME_BYTES_MAX: usize = 4 * 1024 * 1024;
/// A frame after decompression.
pub const FRAME_INFLATED_MAX: usize = 16 * 1024 * 1024;
/// Bundles in one request.
pub const BUNDLES_MAX: usize = 256;
/// Documents in one bundle.
pub const BUNDLE_DOCUMENTS_MAX: usize = 20_000;
/// Changes in one request, over all documents.
pub const PUSH_CHANGES_MAX: usize = 50_000;
/// How often the endpoint tries which changes of one document in one request apply, before it refuses what is left.
pub const APPLY_TRIES_MAX: usize = 256;
/// What a phone puts into one request, bytes of changes; the rest follows in the next.
pub const PUSH_BYTES_AIM: usize = 512 * 1024;
/// What the endpoint puts into one response, bytes of changes; the rest follows in the next.
pub const PAGE_BYTES_AIM: usize = 512 * 1024;
/// Items a phone may ask for by name in one request.
pub const WANT_MAX: usize = 20_000;
/// A block of the first load before compression, bytes: some fifty households, a few seconds on a bad link. Each block
/// learns the words of the village anew, so smaller ones cost more in all.
pub const BLOCK_BYTES_AIM: usize = 256 * 1024;
/// Text of one scalar value, bytes.
pub const SCALAR_BYTES_MAX: usize = 4 * 1024;
/// What is kept of a half-filled form, bytes.
pub const FORM_BYTES_MAX: usize = 64 * 1024;
/// The source of a published form with its choice files, bytes: the largest templates are below 30 kB.
pub const FORM_SOURCE_BYTES_MAX: usize = 512 * 1024;
/// What of it goes into one change, in parts of one scalar each.
pub const FORM_PARTS_IN_CHANGE: usize = 32;
/// A free note, characters.
pub const NOTE_CHARS_MAX: usize = 10_000;
/// Changes kept beside a document's snapshot before they are folded into a new one.
pub const CHUNKS_BEFORE_SNAPSHOT: usize = 24;
/// Acknowledged changes of this person of which the phone knows the place in the feed; of older ones, that they stand before.
pub const HANDED_MAX: usize = 1_000;
/// Entries kept in the error record.
pub const ERROR_LOG_MAX: usize = 200;
/// A rescue file as text, bytes: everything of a village of two thousand households stays below 20 MB.
pub const RESCUE_FILE_BYTES_MAX: usize = 96 * 1024 * 1024;
/// Changes in one block of a rescue file, bytes: what a damaged line costs. A single change may be larger.
pub const RESCUE_BLOCK_AIM: usize = 32 * 1024;
/// Blocks of a rescue file.
pub const RESCUE_BLOCKS_MAX: usize = 20_000;
/// Documents that the contents of a rescue file name.
pub const RESCUE_PARTS_MAX: usize = 100_000;
/// What people call a document, in the contents of a rescue file, bytes.
pub const RESCUE_LABEL_BYTES_MAX: usize = 120;
/// One photo or signature as stored and sent, bytes: phones make photos of about 200 kB.
pub const BLOB_BYTES_MAX: usize = 2 * 1024 * 1024;
/// What was drawn of a signature, bytes: a name of four characters takes about a quarter of it.
pub const SIGNATURE_STROKES_MAX: usize = 4_000;
/// Photos of one problem in one step; more are added afterwards.
pub const FINDING_PHOTOS_MAX: usize = 9;
/// What goes up or comes down of a photo in one request, bytes: half a minute on a link that is hardly of use.
pub const BLOB_SLICE_BYTES: usize = 64 * 1024;
/// Rounds one sync may take before it gives up until the next.
pub const SYNC_ROUNDS_MAX: usize = 400;
/// A clock this far from the endpoint's is shown to the person, milliseconds.
pub const CLOCK_SKEW_SHOWN_MS: i64 = 24 * 60 * 60 * 1000;

const _: () = assert!(PUSH_BYTES_AIM + CHANGE_BYTES_MAX < FRAME_INFLATED_MAX);
const _: () = assert!(CHANGE_BYTES_MAX < FRAME_BYTES_MAX);
const _: () = assert!(RESCUE_BLOCK_AIM + CHANGE_BYTES_MAX < FRAME_BYTES_MAX);
const _: () = assert!(FORM_PARTS_IN_CHANGE * SCALAR_BYTES_MAX * 2 <= CHANGE_BYTES_MAX);
const _: () = assert!(SIGNATURE_STROKES_MAX <= SCALAR_BYTES_MAX);
const _: () = assert!(FORM_SOURCE_BYTES_MAX < DOCUMENT_BYTES_MAX);
const _: () = assert!(BLOB_BYTES_MAX < FRAME_BYTES_MAX);
const _: () = assert!(CHANGE_OPS_MAX < DOCUMENT_OPS_MAX);
