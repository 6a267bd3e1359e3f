//! What the programs are made of.

use std::fs;

use object::endian::LittleEndian as LE;
use object::macho::{self, MachHeader64};
use object::read::elf::{FileHeader as _, ProgramHeader as _};
use object::read::macho::{LoadCommandVariant, MachHeader as _};
use object::read::pe::PeFile64;
use object::{Endianness, Object as _, elf, pe};
use real::platforms::Platform;
use sha2::{Digest as _, Sha256};

use crate::program;

#[test]
fn linux_needs_no_library_of_the_machine() {
    for (name, machine) in [("linux-x64", elf::EM_X86_64), ("linux-arm64", elf::EM_AARCH64)] {
        let bytes = fs::read(program(name)).unwrap();
        let header = elf::FileHeader64::<Endianness>::parse(&*bytes).unwrap();
        let endian = header.endian().unwrap();
        assert_eq!(header.e_machine(endian), machine);
        for segment in header.program_headers(endian, &*bytes).unwrap() {
            assert_ne!(
                segment.p_type(endian),
                elf::PT_INTERP,
                "{name}: it wants a dynamic linker"
            );
            assert_ne!(
                segment.p_type(endian),
                elf::PT_DYNAMIC,
                "{name}: it is linked dynamically"
            );
            let rights = segment.p_flags(endian);
            assert_ne!(
                rights & (elf::PF_W | elf::PF_X),
                elf::PF_W | elf::PF_X,
                "{name}: memory to write and to run"
            );
        }
    }
}

#[test]
fn windows_needs_only_libraries_of_the_system() {
    let bytes = fs::read(program("windows")).unwrap();
    let file = PeFile64::parse(&*bytes).unwrap();
    assert_eq!(file.architecture(), object::Architecture::X86_64);
    let optional = &file.nt_headers().optional_header;
    // A console program with moved and unexecutable memory.
    assert_eq!(optional.subsystem.get(LE), pe::IMAGE_SUBSYSTEM_WINDOWS_CUI);
    let wanted = pe::IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE | pe::IMAGE_DLLCHARACTERISTICS_NX_COMPAT;
    assert_eq!(optional.dll_characteristics.get(LE) & wanted, wanted);
    let mut libraries: Vec<String> = file
        .imports()
        .unwrap()
        .map(|import| String::from_utf8_lossy(import.unwrap().library()).to_lowercase())
        // The C library of Windows 10, in parts, and their forwards.
        .filter(|library| !library.starts_with("api-ms-win-crt-"))
        .collect();
    libraries.sort();
    libraries.dedup();
    assert_eq!(
        libraries,
        [
            "advapi32.dll",
            "api-ms-win-core-synch-l1-2-0.dll",
            "bcrypt.dll",
            "bcryptprimitives.dll",
            "crypt32.dll",
            "kernel32.dll",
            "ntdll.dll",
            "userenv.dll",
            "ws2_32.dll"
        ]
    );
}

#[test]
fn macos_starts_them_and_finds_everything() {
    for (name, cpu) in [
        ("macos-intel", macho::CPU_TYPE_X86_64),
        ("macos-arm64", macho::CPU_TYPE_ARM64),
    ] {
        let bytes = fs::read(program(name)).unwrap();
        let header = MachHeader64::<Endianness>::parse(&*bytes, 0).unwrap();
        let endian = header.endian().unwrap();
        assert_eq!(header.cputype(endian), cpu);
        assert_eq!(header.filetype(endian), macho::MH_EXECUTE);
        assert!(header.flags(endian).contains(macho::MH_PIE), "{name}");
        let mut libraries = Vec::new();
        let mut oldest = None;
        let mut signature = None;
        let mut commands = header.load_commands(endian, &*bytes, 0).unwrap();
        while let Some(command) = commands.next().unwrap() {
            match command.variant().unwrap() {
                LoadCommandVariant::Dylib(library) => {
                    let path = command.string(endian, library.dylib.name).unwrap();
                    libraries.push(String::from_utf8_lossy(path).into_owned());
                }
                LoadCommandVariant::BuildVersion(build, _) => {
                    assert_eq!(build.platform.get(endian), macho::PLATFORM_MACOS, "{name}");
                    oldest = Some(build.minos.get(endian));
                }
                // What stood in its place before macOS 10.14.
                LoadCommandVariant::VersionMin(minimum) if command.cmd() == macho::LC_VERSION_MIN_MACOSX => {
                    oldest = Some(minimum.version.get(endian));
                }
                LoadCommandVariant::LinkeditData(data) if command.cmd() == macho::LC_CODE_SIGNATURE => {
                    signature = Some((data.dataoff.get(endian) as usize, data.datasize.get(endian) as usize));
                }
                _ => {}
            }
        }
        libraries.sort();
        assert_eq!(
            libraries,
            [
                "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation",
                "/System/Library/Frameworks/Security.framework/Versions/A/Security",
                "/usr/lib/libSystem.B.dylib",
            ],
            "{name}"
        );
        let oldest = oldest.unwrap().0;
        assert_eq!(
            Some(format!("{}.{}", oldest >> 16, (oldest >> 8) & 0xff).as_str()),
            Platform::of_name(name).unwrap().oldest_macos()
        );
        match signature {
            Some((at, length)) => assert_signed(name, &bytes, at, length),
            // arm64 Macs run nothing that is not signed, be it by nobody.
            None => assert_eq!(name, "macos-intel"),
        }
    }
}

fn number(bytes: &[u8], at: usize) -> usize {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

/// Whether each page has the hash that the signature says, and whether it names nobody: a signature of a certificate comes later.
/// Source of the form: <https://github.com/apple-oss-distributions/xnu/blob/main/osfmk/kern/cs_blobs.h>
fn assert_signed(name: &str, file: &[u8], at: usize, length: usize) {
    let blob = &file[at..at + length];
    assert_eq!(number(blob, 0), 0xfade_0cc0, "{name}: no signature");
    let directory = (0..number(blob, 8))
        .map(|slot| number(blob, 16 + 8 * slot))
        .find(|start| number(blob, *start) == 0xfade_0c02)
        .unwrap();
    let directory = &blob[directory..];
    let ad_hoc = 0x2;
    assert_eq!(number(directory, 12) & ad_hoc, ad_hoc, "{name}");
    let (hashes, pages, end) = (number(directory, 16), number(directory, 28), number(directory, 32));
    assert_eq!(end, at, "{name}: everything up to the signature is signed");
    let (size, kind, page) = (usize::from(directory[36]), directory[37], 1_usize << directory[39]);
    assert_eq!((size, kind), (32, 2), "{name}: SHA-256");
    assert_eq!(pages, end.div_ceil(page));
    for (number, part) in file[..end].chunks(page).enumerate() {
        let said = &directory[hashes + number * size..][..size];
        assert_eq!(Sha256::digest(part).as_slice(), said, "{name}: page {number}");
    }
}
