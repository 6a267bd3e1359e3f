//! A terminal that hands over what is typed, and is given back as it was.

/// The terminal at standard input, which hands over what is typed at once and shows nothing, until this goes or a signal ends the
/// program.
pub struct Open(());

impl Open {
    /// `None` where the terminal goes on collecting lines.
    #[cfg(unix)]
    pub fn begin() -> Option<Self> {
        // Who only waits for a signal is nobody's reason not to open it.
        let _ = unix::watch();
        unix::open().then_some(Self(()))
    }

    /// Likewise.
    #[cfg(not(unix))]
    pub fn begin() -> Option<Self> {
        None
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        #[cfg(unix)]
        unix::give_back();
    }
}

#[cfg(unix)]
mod unix {
    use std::io::{self, Read as _};
    use std::os::unix::net::UnixStream;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
    use std::thread;

    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
    use signal_hook::consts::{SIGHUP, SIGTERM};
    use signal_hook::{flag, low_level};

    /// The terminal as it was, while it is open. Whoever changes the terminal holds it.
    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);
    /// Whether signals are watched, which they are until the program ends.
    static IS_WATCHED: AtomicBool = AtomicBool::new(false);

    fn before() -> MutexGuard<'static, Option<Termios>> {
        BEFORE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is open now.
    pub(super) fn open() -> bool {
        let mut before = before();
        let Ok(now) = tcgetattr(io::stdin()) else { return false };
        let mut open = now.clone();
        // Without signals of keys as well: whoever breaks off would be left with a terminal that shows nothing.
        open.local_modes
            .remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
        open.special_codes[SpecialCodeIndex::VMIN] = 1;
        open.special_codes[SpecialCodeIndex::VTIME] = 0;
        let is_open = tcsetattr(io::stdin(), OptionalActions::Now, &open).is_ok();
        if is_open {
            *before = Some(now);
        }
        is_open
    }

    pub(super) fn give_back() {
        if let Some(before) = before().take() {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &before);
        }
    }

    /// Gives the terminal back before one of these signals ends the program. A signal that has been watched once would be lost
    /// without its watcher, so this one stays.
    pub(super) fn watch() -> io::Result<()> {
        if IS_WATCHED.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        let (ours, mut wakes) = UnixStream::pair()?;
        let last = Arc::new(AtomicUsize::new(0));
        let came = Arc::clone(&last);
        let watching = move || {
            let mut byte = [0];
            if wakes.read_exact(&mut byte).is_err() {
                return;
            }
            give_back();
            // It ends as if nobody had watched.
            if let Ok(signal) = i32::try_from(came.load(Ordering::SeqCst)) {
                let _ = low_level::emulate_default_handler(signal);
            }
        };
        thread::Builder::new().spawn(watching)?;
        for signal in [SIGTERM, SIGHUP] {
            let number = usize::try_from(signal).unwrap_or_default();
            flag::register_usize(signal, Arc::clone(&last), number)?;
            low_level::pipe::register(signal, ours.try_clone()?)?;
        }
        Ok(())
    }
}
