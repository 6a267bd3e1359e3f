//! Asking again where AWS says that it helps.

use std::time::Duration;

/// How a pause is made. Programs hand in `&std::thread::sleep`.
pub type Sleep<'a> = &'a dyn Fn(Duration);

/// Pauses before the second and the third question.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_millis(1500)];

/// Asks up to three times while the failure is one that passes.
///
/// # Errors
/// The last failure.
pub(super) fn repeat<T, E>(
    sleep: Sleep<'_>,
    passes: impl Fn(&E) -> bool,
    mut ask: impl FnMut() -> Result<T, E>,
) -> Result<T, E> {
    let mut pauses = PAUSES.into_iter();
    loop {
        match ask() {
            Err(error) if passes(&error) => match pauses.next() {
                Some(pause) => sleep(spread(pause)),
                None => return Err(error),
            },
            answer => return answer,
        }
    }
}

/// A pause between this one and its double: a company's machines that were refused together must not come back together.
fn spread(pause: Duration) -> Duration {
    let mut byte = [0];
    // Without random numbers the pause is the shortest one, which is still a pause.
    let _ = getrandom::fill(&mut byte);
    pause + pause * u32::from(byte[0]) / 255
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn what_passes_is_asked_three_times() {
        let pauses = RefCell::new(Vec::new());
        let asked = RefCell::new(0);
        let ask = |answers: &[Result<u8, bool>]| {
            pauses.borrow_mut().clear();
            *asked.borrow_mut() = 0;
            repeat(
                &|pause| pauses.borrow_mut().push(pause),
                |passes: &bool| *passes,
                || {
                    *asked.borrow_mut() += 1;
                    answers[*asked.borrow() - 1]
                },
            )
        };
        assert_eq!(ask(&[Err(true), Err(true), Ok(1)]), Ok(1));
        assert_eq!(ask(&[Err(true); 3]), Err(true));
        for (pause, least) in pauses.borrow().iter().zip(PAUSES) {
            assert!(*pause >= least && *pause <= least * 2, "{pause:?}");
        }
        assert_eq!(pauses.borrow().len(), 2);
        assert_eq!(ask(&[Err(false)]), Err(false));
        assert!(pauses.borrow().is_empty());
    }
}
