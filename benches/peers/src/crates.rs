//! Caches from crates.io, each behind the same loop: look up, and insert what is not there.

use crate::bare::Requests;
use crate::case::Ready;
use std::num::NonZeroUsize;
use std::rc::Rc;

/// Makes the peer `name` ready to serve `stream`, called `called`.
///
/// # Errors
/// If there is no peer of that name.
pub fn prepare(
    name: &str,
    called: &str,
    stream: Rc<Requests>,
    capacity: u32,
) -> Result<Ready, String> {
    let work = stream.blocks.len();
    let size = capacity as usize;
    // Only this one promises which block goes; the others need not even repeat themselves.
    let mut twin = String::new();
    let run: Box<dyn FnMut() -> String> = match name {
        "lru" => {
            let size = NonZeroUsize::new(size).ok_or("a cache of no blocks")?;
            let mut cache = lru::LruCache::new(size);
            twin = format!("lru {called}");
            Box::new(move || {
                let mut hits = 0_u64;
                for &block in &stream.blocks {
                    if cache.get(&block).is_some() {
                        hits += 1;
                    } else {
                        cache.put(block, ());
                    }
                }
                format!("{hits} hits")
            })
        }
        "quick_cache" => {
            let mut cache = quick_cache::unsync::Cache::new(size);
            Box::new(move || {
                let mut hits = 0_u64;
                for &block in &stream.blocks {
                    if cache.get(&block).is_some() {
                        hits += 1;
                    } else {
                        cache.insert(block, ());
                    }
                }
                format!("{hits} hits")
            })
        }
        "moka" => {
            let cache = moka::sync::Cache::new(size as u64);
            Box::new(move || {
                let mut hits = 0_u64;
                for &block in &stream.blocks {
                    if cache.get(&block).is_some() {
                        hits += 1;
                    } else {
                        cache.insert(block, ());
                    }
                }
                format!("{hits} hits")
            })
        }
        _ => return Err(format!("no peer is called {name}")),
    };
    Ok(Ready { run, work, twin })
}
