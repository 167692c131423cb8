//! A bound on memory: whoever allocates by a length that somebody sent ends here, and not on a busy machine.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// One allocation. The largest that is needed honestly is a frame being inflated.
pub const ALLOCATION_BYTES_MAX: usize = 64 * 1024 * 1024;
/// All that lives at one time.
pub const LIVE_BYTES_MAX: usize = 512 * 1024 * 1024;

static LIVE: AtomicUsize = AtomicUsize::new(0);

/// The allocator of the system, which refuses what is beyond the bounds; who cannot go on without ends the program.
struct Bounded;

// SAFETY: every call is passed on to the system's allocator unchanged, or refused with null as the trait allows.
unsafe impl GlobalAlloc for Bounded {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size();
        if size > ALLOCATION_BYTES_MAX || LIVE.fetch_add(size, Ordering::Relaxed) + size > LIVE_BYTES_MAX {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller keeps the contract of the layout.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the pointer came from `alloc` with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Bounded = Bounded;
