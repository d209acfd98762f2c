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
const BIG_DATA: u16 = 0x01;
const SUB_TREE: u16 = 0x02;
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
        left: 0,
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
    /// Pages that may still be visited; a tree that runs in a circle uses them up.
    left: u64,
    /// Whether leaves are walked too.
    whole: bool,
}

/// A tree's record: its flags and depth do not matter here.
#[derive(Clone, Copy)]
struct Tree {
    depth: u16,
    root: u64,
}

impl Tree {
    fn parse(bytes: &[u8]) -> Self {
        Self {
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
        let there = self.length / self.page_size as u64;
        self.left = there;
        // Free pages at the end need not be in the file; only a whole walk tells them from lost ones.
        self.whole = self.length <= WHOLE || there <= meta.last_page;
        self.walk_tree(meta.free, true)?;
        self.walk_tree(meta.main, false)
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

    fn walk_tree(&mut self, tree: Tree, is_free_list: bool) -> Found {
        if tree.root == EMPTY {
            return Ok(());
        }
        if tree.depth == 0 || tree.depth > DEEPEST {
            return Err("a tree has an impossible depth".into());
        }
        self.walk_page(tree.root, tree.depth, is_free_list)
    }

    fn walk_page(&mut self, number: u64, depth: u16, is_free_list: bool) -> Found {
        let page = self.page(number, 1)?;
        let flags = u16_at(&page, 10);
        let wanted = if depth == 1 { LEAF } else { BRANCH };
        if flags & (BRANCH | LEAF | OVERFLOW | META) != wanted {
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
        if depth > 1 && count < if is_free_list { 1 } else { 2 } {
            return Err(format!("page {number} has too few entries"));
        }
        for entry in 0..count {
            let at = usize::from(u16_at(&page, HEADER + 2 * entry));
            if at < upper || at + NODE > self.page_size {
                return Err(format!("page {number} has an entry outside of it"));
            }
            let node = &page[at..];
            let key = usize::from(u16_at(node, 6));
            if key > LONGEST_KEY || NODE + key > node.len() {
                return Err(format!("page {number} has an impossible key"));
            }
            if depth > 1 {
                self.walk_child(node, depth, is_free_list)?;
            } else {
                self.walk_value(node, key, number)?;
            }
        }
        Ok(())
    }

    fn walk_child(&mut self, node: &[u8], depth: u16, is_free_list: bool) -> Found {
        let child = u64::from(u16_at(node, 0))
            | u64::from(u16_at(node, 2)) << 16
            | u64::from(u16_at(node, 4)) << 32;
        if depth == 2 && !self.whole {
            return self.is_there(child, 1);
        }
        self.walk_page(child, depth - 1, is_free_list)
    }

    fn walk_value(&mut self, node: &[u8], key: usize, number: u64) -> Found {
        let flags = u16_at(node, 4);
        let size = u32_at(node, 0) as usize;
        let data = &node[NODE + key..];
        let in_page = if flags & BIG_DATA == 0 { size } else { 8 };
        if in_page > data.len() {
            return Err(format!("page {number} has a value that ends outside of it"));
        }
        if flags & BIG_DATA != 0 {
            let first = u64_at(data, 0);
            let count = ((HEADER - 1 + size) / self.page_size + 1) as u64;
            let page = self.page(first, count)?;
            if u16_at(&page, 10) & OVERFLOW == 0 || u64::from(u32_at(&page, 12)) < count {
                return Err(format!("page {first} is not the value that it should be"));
            }
        } else if flags & SUB_TREE != 0 {
            if size < TREE_LENGTH {
                return Err(format!("page {number} has a damaged table"));
            }
            return self.walk_tree(Tree::parse(data), false);
        }
        Ok(())
    }

    /// The first of `count` pages; all of them must be in the file.
    fn page(&mut self, number: u64, count: u64) -> Result<Vec<u8>, String> {
        self.is_there(number, count)?;
        self.left = self
            .left
            .checked_sub(count)
            .ok_or("its pages run in a circle")?;
        let mut page = vec![0; self.page_size];
        self.read(number * self.page_size as u64, &mut page)?;
        if u64_at(&page, 0) != number {
            return Err(format!("page {number} holds something else"));
        }
        Ok(page)
    }

    fn is_there(&self, number: u64, count: u64) -> Found {
        let there = self.length / self.page_size as u64;
        match number.checked_add(count) {
            Some(end) if number > 1 && end <= there => Ok(()),
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
