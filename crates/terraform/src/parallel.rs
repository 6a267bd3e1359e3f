//! Work that is shared out among the processors.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Bytes of stack of each thread, of which only those count that are used: expressions are walked as deep as they are
/// nested, and so are the local values that they refer to.
const STACK: usize = 64 << 20;

/// What `work` makes of each item, in the order of the items, whoever came to them first.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(items.len()));
    let help = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { break };
            let result = work(item);
            done.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((index, result));
        }
    };
    thread::scope(|scope| {
        let helper = || {
            thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, help)
                .is_ok()
        };
        let helpers = (0..threads).filter(|_| helper()).count();
        // Where no thread can be had, the work is done here.
        if helpers == 0 {
            help();
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..1_000).collect();
        // The first ones take longest, so that others overtake them.
        let squares = map(&items, |item| {
            (0..(1_000 - item) * 50).fold(0_usize, |sum, round| sum.wrapping_add(round ^ item));
            item * item
        });
        assert!(
            squares
                .iter()
                .enumerate()
                .all(|(index, square)| *square == index * index)
        );
        assert_eq!(squares.len(), 1_000);
        assert!(map(&[] as &[usize], |item| *item).is_empty());
        assert_eq!(map(&[7], |item| item + 1), [8]);
    }
}
