//! The container of .xls files (a small file system in 512-byte sectors), read far enough to take out one stream.
//! Every chain is followed at most as long as the file is.

/// The first bytes of every such file.
pub(crate) const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

const HEADER_BYTES: usize = 512;
const FREE: u32 = 0xFFFF_FFFF;
const LAST_REGULAR: u32 = 0xFFFF_FFF9;
const ENTRY_BYTES: usize = 128;
const MINI_SECTOR_BYTES: usize = 64;

/// An opened container.
pub(crate) struct Compound<'a> {
    bytes: &'a [u8],
    sector_bytes: usize,
    mini_cutoff: u64,
    table: Vec<u32>,
    mini_table: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    is_stream: bool,
    start: u32,
    size: u64,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|b| u16::from_le_bytes([b[0], b[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at + 4)
        .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

impl<'a> Compound<'a> {
    /// Opens a container; `None` where it is broken.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector_bytes = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self {
            bytes,
            sector_bytes,
            mini_cutoff: u64::from(u32_at(bytes, 56)?),
            table: Vec::new(),
            mini_table: Vec::new(),
            mini_stream: Vec::new(),
            entries: Vec::new(),
        };
        file.table = file.allocation_table()?;
        let directory = file.chain(u32_at(bytes, 48)?, u64::MAX);
        file.entries = directory.chunks_exact(ENTRY_BYTES).filter_map(read_entry).collect();
        let mini_table = file.chain(u32_at(bytes, 60)?, u64::MAX);
        file.mini_table = mini_table
            .chunks_exact(4)
            .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect();
        let root = directory.get(..ENTRY_BYTES)?;
        let (start, size) = (u32_at(root, 116)?, u64::from(u32_at(root, 120)?));
        file.mini_stream = file.chain(start, size);
        Some(file)
    }

    /// Whether there is a stream of that name, in whatever folder.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream.
    pub fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry.is_stream && entry.name.eq_ignore_ascii_case(name))?;
        if entry.size >= self.mini_cutoff {
            return Some(self.chain(entry.start, entry.size));
        }
        let mut out = Vec::new();
        let mut sector = entry.start;
        for _ in 0..=self.mini_table.len() {
            let from = (sector as usize).checked_mul(MINI_SECTOR_BYTES)?;
            if sector > LAST_REGULAR || out.len() as u64 >= entry.size {
                break;
            }
            let end = from.saturating_add(MINI_SECTOR_BYTES).min(self.mini_stream.len());
            out.extend_from_slice(self.mini_stream.get(from..end).unwrap_or_default());
            sector = self.mini_table.get(sector as usize).copied().unwrap_or(FREE);
        }
        out.truncate(entry.size as usize);
        Some(out)
    }

    fn sector(&self, sector: u32) -> &'a [u8] {
        let from = (sector as usize).saturating_add(1).saturating_mul(self.sector_bytes);
        // The last sector of a file may be cut short.
        let end = from.saturating_add(self.sector_bytes).min(self.bytes.len());
        self.bytes.get(from..end).unwrap_or_default()
    }

    /// The bytes of a chain of sectors, up to `size`. A loop ends where the file would be longer than it is.
    fn chain(&self, start: u32, size: u64) -> Vec<u8> {
        let mut out = Vec::new();
        let mut sector = start;
        for _ in 0..=self.bytes.len() / self.sector_bytes {
            if sector > LAST_REGULAR || out.len() as u64 >= size {
                break;
            }
            out.extend_from_slice(self.sector(sector));
            sector = self.table.get(sector as usize).copied().unwrap_or(FREE);
        }
        if out.len() as u64 > size {
            out.truncate(size as usize);
        }
        out
    }

    /// The table that says which sector follows which: listed in the header, then in a chain of further lists.
    fn allocation_table(&self) -> Option<Vec<u32>> {
        let most = self.bytes.len() / self.sector_bytes + 1;
        let mut lists: Vec<u32> = (0..109).filter_map(|at| u32_at(self.bytes, 76 + at * 4)).collect();
        let mut next = u32_at(self.bytes, 68)?;
        for _ in 0..most {
            if next > LAST_REGULAR {
                break;
            }
            let list = self.sector(next);
            let numbers = list
                .chunks_exact(4)
                .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
            let mut numbers: Vec<u32> = numbers.collect();
            next = numbers.pop().unwrap_or(FREE);
            lists.append(&mut numbers);
            if lists.len() > most {
                break;
            }
        }
        let mut table = Vec::new();
        for sector in lists.into_iter().filter(|sector| *sector <= LAST_REGULAR).take(most) {
            let words = self.sector(sector).chunks_exact(4);
            table.extend(words.map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])));
            if table.len() > most + self.sector_bytes / 4 {
                break;
            }
        }
        (self.bytes.len() >= HEADER_BYTES).then_some(table)
    }
}

fn read_entry(entry: &[u8]) -> Option<Entry> {
    let name_bytes = usize::from(u16_at(entry, 64)?).min(64).saturating_sub(2);
    let name: Vec<u16> = entry[..name_bytes]
        .chunks_exact(2)
        .map(|two| u16::from_le_bytes([two[0], two[1]]))
        .collect();
    let kind = *entry.get(66)?;
    let size = u64::from(u32_at(entry, 120)?);
    let start = u32_at(entry, 116)?;
    (kind != 0).then(|| Entry {
        name: String::from_utf16_lossy(&name),
        is_stream: kind == 2,
        start,
        size,
    })
}
