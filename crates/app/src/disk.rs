//! Whether the disks of this computer are encrypted below the program. The record always is; swap and hibernation hold whatever was in
//! memory, keys too, and only an encrypted disk keeps those.

use crate::views::Shelter;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Device mapper layers that are followed down to what they lie on: LVM on LUKS on RAID is three.
const LAYERS: usize = 8;

/// The least sheltered of the disk on which `folder` lies and all that memory is swapped to.
pub fn shelter(folder: &Path) -> Shelter {
    System::here().shelter(folder).unwrap_or_else(|error| {
        tracing::debug!(%error, "whether the disk is encrypted was not found out");
        Shelter::Unknown
    })
}

/// Where the kernel tells of itself.
struct System {
    sys: PathBuf,
    proc: PathBuf,
}

impl System {
    fn here() -> System {
        System { sys: "/sys".into(), proc: "/proc".into() }
    }

    fn shelter(&self, folder: &Path) -> io::Result<Shelter> {
        let disk = self.of_path(&folder.canonicalize()?)?;
        Ok(self.swap()?.into_iter().chain([disk]).max().unwrap_or(Shelter::Unknown))
    }

    /// Each place that memory is swapped to. A compressed one in memory is none.
    fn swap(&self) -> io::Result<Vec<Shelter>> {
        let list = fs::read_to_string(self.proc.join("swaps"))?;
        let places = list.lines().skip(1).filter_map(|line| line.split_whitespace().next());
        places.filter(|place| !place.contains("/zram")).map(|place| self.of_path(Path::new(place))).collect()
    }

    /// A block device itself, or the one that a file's system lies on: some systems number their files by no real device, so it is
    /// the mount that tells.
    fn of_path(&self, path: &Path) -> io::Result<Shelter> {
        let mounts = fs::read_to_string(self.proc.join("self/mountinfo"))?;
        let device = if path.starts_with("/dev") { Some(path) } else { source_of(&mounts, path) };
        match device {
            Some(device) if device.starts_with("/dev") => self.of_device(&device.canonicalize()?),
            _ => Ok(Shelter::Unknown),
        }
    }

    fn of_device(&self, device: &Path) -> io::Result<Shelter> {
        let name = device.file_name().ok_or(io::ErrorKind::NotFound)?;
        self.of_block(&self.sys.join("class/block").join(name), LAYERS)
    }

    /// LUKS and its like say so by their name in the device mapper; anything else is as sheltered as what it lies on.
    fn of_block(&self, block: &Path, layers: usize) -> io::Result<Shelter> {
        if fs::read_to_string(block.join("dm/uuid")).is_ok_and(|id| id.starts_with("CRYPT-")) {
            return Ok(Shelter::Encrypted);
        }
        let below = match fs::read_dir(block.join("slaves")) {
            Ok(below) if layers > 0 => {
                below.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?
            }
            Ok(_) => return Ok(Shelter::Unknown),
            Err(error) if error.kind() == io::ErrorKind::NotFound && block.exists() => Vec::new(),
            Err(error) => return Err(error),
        };
        let shelters = below.iter().map(|path| self.of_block(path, layers - 1)).collect::<io::Result<Vec<_>>>()?;
        Ok(shelters.into_iter().max().unwrap_or(Shelter::Plain))
    }
}

/// What the file system is mounted from that holds a path: the mount with the longest fitting place, the last of equal ones.
fn source_of<'a>(mounts: &'a str, path: &Path) -> Option<&'a Path> {
    let parts = mounts.lines().filter_map(|line| {
        let (places, source) = line.split_once(" - ")?;
        Some((places.split(' ').nth(4)?, source.split(' ').nth(1)?))
    });
    let fitting = parts.filter(|(place, _)| path.starts_with(unescaped(place)));
    fitting.max_by_key(|(place, _)| place.len()).map(|(_, source)| Path::new(source))
}

/// Spaces stand as `\040` there.
fn unescaped(place: &str) -> PathBuf {
    place.replace("\\040", " ").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "22 27 0:21 / /proc rw - proc proc rw\n27 1 253:1 / / rw - ext4 /dev/sda2 rw\n\
        30 27 253:2 / /home rw - btrfs /dev/mapper/home rw\n31 30 0:40 / /home/with\\040space rw - nfs server:/share rw\n";

    /// Block devices by name, with what names them in the device mapper and what they lie on.
    fn system(swaps: &str, blocks: &[(&str, &str, &[&str])]) -> (tempfile::TempDir, System) {
        let dir = tempfile::tempdir().unwrap();
        let system = System { sys: dir.path().join("sys"), proc: dir.path().join("proc") };
        fs::create_dir_all(system.proc.join("self")).unwrap();
        fs::write(system.proc.join("self/mountinfo"), MOUNTS).unwrap();
        fs::write(system.proc.join("swaps"), format!("Filename Type Size Used Priority\n{swaps}")).unwrap();
        let all = system.sys.join("class/block");
        for (name, id, below) in blocks {
            let block = all.join(name);
            fs::create_dir_all(block.join("slaves")).unwrap();
            if !id.is_empty() {
                fs::create_dir(block.join("dm")).unwrap();
                fs::write(block.join("dm/uuid"), id).unwrap();
            }
            for one in *below {
                // The kernel has links here; to the program they are folders.
                copy(&all.join(one), &block.join("slaves").join(one));
            }
        }
        (dir, system)
    }

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
            match path.is_dir() {
                true => copy(&path, &to),
                false => assert!(fs::copy(&path, &to).is_ok()),
            }
        }
    }

    #[test]
    fn a_disk_is_as_sheltered_as_what_it_lies_on() {
        let blocks: &[(&str, &str, &[&str])] = &[
            ("sda2", "", &[]),
            ("dm-0", "CRYPT-LUKS2-0123-home", &["sda2"]),
            ("dm-1", "LVM-0123", &["dm-0"]),
            ("dm-2", "LVM-4567", &["dm-0", "sda2"]),
        ];
        let (_dir, system) = system("", blocks);
        let of = |name: &str| system.of_device(&Path::new("/dev").join(name)).unwrap();
        assert_eq!(of("sda2"), Shelter::Plain);
        assert_eq!((of("dm-0"), of("dm-1")), (Shelter::Encrypted, Shelter::Encrypted));
        assert_eq!(of("dm-2"), Shelter::Plain, "half of it lies in the clear");
        assert!(system.of_device(Path::new("/dev/gone")).is_err());
    }

    #[test]
    fn the_longest_mount_tells_the_device() {
        let of = |path: &str| source_of(MOUNTS, Path::new(path)).unwrap().to_owned();
        assert_eq!(of("/var/lib"), Path::new("/dev/sda2"));
        assert_eq!(of("/home/ada/records"), Path::new("/dev/mapper/home"));
        assert_eq!(of("/home/with space/records"), Path::new("server:/share"));
        assert_eq!(of("/homeless"), Path::new("/dev/sda2"));
    }

    #[test]
    fn what_is_on_another_computer_is_not_known() {
        let (_dir, system) = system("", &[]);
        assert_eq!(system.of_path(Path::new("/home/with space/records")).unwrap(), Shelter::Unknown);
    }

    #[test]
    fn swap_counts_and_memory_does_not() {
        let (_dir, none) = system("/dev/zram0 partition 1 0 100\n", &[]);
        assert_eq!(none.swap().unwrap(), []);
        let (_dir, one) = system("/dev/null partition 1 0 1\n", &[("null", "", &[])]);
        assert_eq!(one.swap().unwrap(), [Shelter::Plain]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_computer_answers() {
        System::here().shelter(&std::env::temp_dir()).unwrap();
    }
}
