//! Whether a file can be given to LMDB. LMDB trusts its pages: a file that lost its end, or holds foreign bytes, would
//! end the process instead of giving an error. So the tree of pages is walked with plain reads before it is mapped.
//!
//! Not here: what the records hold; a damaged record is an error when it is read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::StoreError;

/// Files up to this many bytes are walked down to the last leaf. In larger ones the leaves are only counted, so that
/// opening takes no longer however large they grow.
const WHOLE: u64 = 256 << 20;

const MAGIC: u32 = 0xBEEF_C0DE;
const VERSION: u32 = 1;
const HEADER: usize = 16;
const META_LENGTH: usize = 136;
const NODE: usize = 8;
const TREE_LENGTH: usize = 48;
const LONGEST_KEY: usize = 511;
const DEEPEST: u16 = 32;
const BRANCH: u16 = 0x01;
const LEAF: u16 = 0x02;
const OVERFLOW: u16 = 0x04;
const META: u16 = 0x08;
/// Bits of a page's kind; the others are notes that only matter in memory.
const KINDS: u16 = 0x6f;
const BIG_DATA: u16 = 0x01;
const SUB_TREE: u16 = 0x02;
/// Flags of the list of free pages: its keys are whole numbers.
const WHOLE_KEYS: u16 = 0x08;
const EMPTY: u64 = u64::MAX;

/// Looks over the file at `path`; [`StoreError::Damaged`] where it is not whole. A missing or empty one is fine.
pub(super) fn file(path: &Path) -> Result<(), StoreError> {
    // The layout below is that of little-endian machines with 64 bits, which are all that are released for.
    if cfg!(not(all(
        target_endian = "little",
        target_pointer_width = "64"
    ))) {
        return Ok(());
    }
    let file = match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(|error| StoreError::io(path, &error))?,
    };
    let length = file
        .metadata()
        .map_err(|error| StoreError::io(path, &error))?
        .len();
    if length == 0 {
        return Ok(());
    }
    let mut pages = Pages {
        file,
        length,
        page_size: 0,
        last_page: 0,
        left: 0,
        free: 0,
        whole: true,
    };
    pages.walk_all().map_err(|reason| StoreError::Damaged {
        reason: format!("{}: {reason}", path.display()),
    })
}

/// What is wrong, in a few words.
type Found = Result<(), String>;

struct Pages {
    file: File,
    length: u64,
    page_size: usize,
    /// The last page that is in use or free.
    last_page: u64,
    /// Pages that may still be visited; a tree that runs in a circle uses them up.
    left: u64,
    /// Pages found to be free.
    free: u64,
    /// Whether leaves are walked too.
    whole: bool,
}

/// Which of the trees is walked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The list of free pages.
    Free,
    /// The list of tables.
    Main,
    /// A table.
    Table,
}

/// A tree's record.
#[derive(Clone, Copy)]
struct Tree {
    flags: u16,
    depth: u16,
    root: u64,
}

impl Tree {
    fn parse(bytes: &[u8]) -> Self {
        Self {
            flags: u16_at(bytes, 4),
            depth: u16_at(bytes, 6),
            root: u64_at(bytes, 40),
        }
    }
}

struct Meta {
    page_size: usize,
    free: Tree,
    main: Tree,
    last_page: u64,
    transaction: u64,
}

impl Pages {
    fn walk_all(&mut self) -> Found {
        let first = self.meta(0)?;
        let second = self.meta(first.page_size as u64)?;
        let meta = if second.transaction > first.transaction {
            second
        } else {
            first
        };
        self.page_size = meta.page_size;
        self.last_page = meta.last_page;
        let there = self.length / self.page_size as u64;
        self.left = there;
        // Free pages at the end need not be in the file; only a whole walk tells them from lost ones.
        self.whole = self.length <= WHOLE || there <= meta.last_page;
        self.walk_tree(meta.free, Role::Free)?;
        if meta.last_page.saturating_add(1).saturating_sub(there) > self.free {
            return Err("its end is missing".into());
        }
        self.walk_tree(meta.main, Role::Main)
    }

    fn meta(&mut self, at: u64) -> Result<Meta, String> {
        let mut bytes = [0; HEADER + META_LENGTH];
        self.read(at, &mut bytes)?;
        let (header, meta) = bytes.split_at(HEADER);
        if u16_at(header, 10) & META == 0 || u32_at(meta, 0) != MAGIC {
            return Err("it is not a file of this kind".into());
        }
        if u32_at(meta, 4) != VERSION {
            return Err("its format is unknown".into());
        }
        let page_size = u32_at(meta, 24) as usize;
        if !page_size.is_power_of_two() || !(512..=65536).contains(&page_size) {
            return Err("its first page is damaged".into());
        }
        Ok(Meta {
            page_size,
            free: Tree::parse(&meta[24..72]),
            main: Tree::parse(&meta[72..120]),
            last_page: u64_at(meta, 120),
            transaction: u64_at(meta, 128),
        })
    }

    fn walk_tree(&mut self, tree: Tree, role: Role) -> Found {
        let flags = if role == Role::Free { WHOLE_KEYS } else { 0 };
        if tree.flags != flags {
            return Err("a tree is of an unknown kind".into());
        }
        if tree.root == EMPTY {
            return Ok(());
        }
        if tree.depth == 0 || tree.depth > DEEPEST {
            return Err("a tree has an impossible depth".into());
        }
        self.walk_page(tree.root, tree.depth, role)
    }

    fn walk_page(&mut self, number: u64, depth: u16, role: Role) -> Found {
        let page = self.pages(number, 1)?;
        let wanted = if depth == 1 { LEAF } else { BRANCH };
        if u16_at(&page, 10) & KINDS != wanted {
            return Err(format!("page {number} is of a wrong kind"));
        }
        let (lower, upper) = (
            usize::from(u16_at(&page, 12)),
            usize::from(u16_at(&page, 14)),
        );
        if lower < HEADER || lower > upper || upper > self.page_size {
            return Err(format!("page {number} has impossible bounds"));
        }
        let count = (lower - HEADER) / 2;
        if depth > 1 && count < if role == Role::Free { 1 } else { 2 } {
            return Err(format!("page {number} has too few entries"));
        }
        let mut used = 0;
        let mut last: Option<&[u8]> = None;
        for entry in 0..count {
            let at = usize::from(u16_at(&page, HEADER + 2 * entry));
            let node = page
                .get(at..)
                .filter(|node| at >= upper && node.len() >= NODE);
            let node = node.ok_or_else(|| format!("page {number} has an entry outside of it"))?;
            let key_length = usize::from(u16_at(node, 6));
            if key_length > LONGEST_KEY || NODE + key_length > node.len() {
                return Err(format!("page {number} has an impossible key"));
            }
            let (key, value) = node[NODE..].split_at(key_length);
            // The first key of a branch is never compared.
            let compared = (depth == 1 || entry > 0) && role != Role::Free;
            if compared && last.replace(key).is_some_and(|last| last >= key) {
                return Err(format!("page {number} is out of order"));
            }
            let in_page = if depth > 1 {
                self.walk_child(node, depth, role)?;
                0
            } else {
                self.walk_value(node, value, number, role)?
            };
            used += (NODE + key_length + in_page).next_multiple_of(2);
        }
        if used != self.page_size - upper {
            return Err(format!("page {number} has entries that overlap"));
        }
        Ok(())
    }

    fn walk_child(&mut self, node: &[u8], depth: u16, role: Role) -> Found {
        let child = u64::from(u16_at(node, 0))
            | u64::from(u16_at(node, 2)) << 16
            | u64::from(u16_at(node, 4)) << 32;
        if depth == 2 && !self.whole && role == Role::Table {
            return self.is_there(child, 1);
        }
        self.walk_page(child, depth - 1, role)
    }

    /// Looks over a value and returns how many of its bytes are in the page.
    fn walk_value(
        &mut self,
        node: &[u8],
        value: &[u8],
        number: u64,
        role: Role,
    ) -> Result<usize, String> {
        let flags = u16_at(node, 4);
        let size = u32_at(node, 0) as usize;
        let in_page = if flags & BIG_DATA == 0 { size } else { 8 };
        if in_page > value.len() {
            return Err(format!("page {number} has a value that ends outside of it"));
        }
        match flags {
            0 if role == Role::Free => self.walk_free(&value[..size])?,
            // Both lists of this file hold nothing but tables and free pages.
            0 | BIG_DATA if role == Role::Main => return Err("a table is missing".into()),
            0 => {}
            BIG_DATA => {
                let first = u64_at(value, 0);
                let count = ((HEADER - 1 + size) / self.page_size + 1) as u64;
                let pages = self.pages(first, count)?;
                let is_value = u16_at(&pages, 10) & KINDS == OVERFLOW;
                if !is_value || u64::from(u32_at(&pages, 12)) != count {
                    return Err(format!("page {first} is not the value that it should be"));
                }
                if role == Role::Free {
                    self.walk_free(&pages[HEADER..HEADER + size])?;
                }
            }
            SUB_TREE if role == Role::Main && size == TREE_LENGTH => {
                self.walk_tree(Tree::parse(value), Role::Table)?;
            }
            _ => return Err(format!("page {number} has a value of an unknown kind")),
        }
        Ok(in_page)
    }

    /// A list of free pages: how many, then their numbers, the highest first.
    fn walk_free(&mut self, list: &[u8]) -> Found {
        let wrong = || "the list of free pages is damaged".to_owned();
        if list.len() < 8 {
            return Err(wrong());
        }
        let count = usize::try_from(u64_at(list, 0)).map_err(|_| wrong())?;
        let numbers = count
            .checked_mul(8)
            .and_then(|length| list[8..].get(..length))
            .ok_or_else(wrong)?;
        let mut above = self.last_page.saturating_add(1);
        for number in numbers.chunks_exact(8).map(|bytes| u64_at(bytes, 0)) {
            if number < 2 || number >= above {
                return Err(wrong());
            }
            above = number;
        }
        self.free += count as u64;
        Ok(())
    }

    /// `count` pages; all of them must be in the file.
    fn pages(&mut self, number: u64, count: u64) -> Result<Vec<u8>, String> {
        self.is_there(number, count)?;
        self.left = self
            .left
            .checked_sub(count)
            .ok_or("its pages run in a circle")?;
        let length = usize::try_from(count).map_err(|error| error.to_string())? * self.page_size;
        let mut pages = vec![0; length];
        self.read(number * self.page_size as u64, &mut pages)?;
        if u64_at(&pages, 0) != number {
            return Err(format!("page {number} holds something else"));
        }
        Ok(pages)
    }

    fn is_there(&self, number: u64, count: u64) -> Found {
        let there = self.length / self.page_size as u64;
        match number.checked_add(count) {
            Some(end) if number > 1 && end <= there && end - 1 <= self.last_page => Ok(()),
            _ => Err(format!("page {number} is missing")),
        }
    }

    fn read(&mut self, at: u64, bytes: &mut [u8]) -> Found {
        self.file
            .seek(SeekFrom::Start(at))
            .and_then(|_| self.file.read_exact(bytes))
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::UnexpectedEof => "it is cut off".into(),
                _ => error.to_string(),
            })
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
