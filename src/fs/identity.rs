//! Identity of folders and file systems: device and inode numbers, and whether a file
//! system reports changes.

#![expect(clippy::disallowed_methods, reason = "this module wraps the file system")]

use std::fs;
use std::path::Path;

/// Identity of a folder. Another folder under the same path, or another disk mounted there,
/// has another identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileIdentity {
    /// Device number if the platform has one, else 0.
    pub device: u64,
    /// Inode number if the platform has one, else 0.
    pub inode: u64,
}

/// Whether a folder is a mount point.
pub fn is_mounted(folder: &Path) -> bool {
    match (identity(folder), identity(&folder.join(".."))) {
        (Some(own), Some(above)) => own.device != above.device,
        _ => false,
    }
}

/// Whether a folder is owned by the system itself; true if the platform does not tell.
pub fn is_owned_by_system(folder: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.uid() == 0)
    }
    #[cfg(not(unix))]
    {
        folder.is_dir()
    }
}

/// Identity of the target of a path, links followed; `None` if there is none or it cannot
/// be read.
pub fn identity(path: &Path) -> Option<FileIdentity> {
    let metadata = fs::metadata(path).ok()?;
    #[cfg(unix)]
    let (device, inode) = {
        use std::os::unix::fs::MetadataExt;
        (metadata.dev(), metadata.ino())
    };
    #[cfg(not(unix))]
    let (device, inode) = {
        let _ = metadata;
        (0, 0)
    };
    Some(FileIdentity { device, inode })
}

/// True if the system reports every change in a folder, whoever makes it; with `below`,
/// also in all folders below it, which may be on other file systems. Network file systems
/// and folders shared with a virtual machine report only changes made on this computer.
/// True if unknown.
#[cfg(target_os = "linux")]
pub fn supports_events(folder: &Path, below: bool) -> bool {
    use std::collections::BTreeSet;
    use std::os::unix::fs::MetadataExt;

    let folders = walkdir::WalkDir::new(folder)
        .max_depth(if below { usize::MAX } else { 0 })
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || entry.file_type().is_dir());
    let mut devices = BTreeSet::new();
    let mut quiet = |path: &Path| {
        let device = fs::metadata(path).map_or(0, |metadata| metadata.dev());
        // each file system is asked once
        devices.insert(device)
            && rustix::fs::statfs(path)
                .is_ok_and(|found| misses_remote_changes(found.f_type as u32))
    };
    !folders.filter_map(Result::ok).any(|entry| quiet(entry.path()))
}

/// True if the system reports every change in a folder.
#[cfg(not(target_os = "linux"))]
pub fn supports_events(_: &Path, _: bool) -> bool {
    true
}

/// File systems that may be changed from elsewhere without this computer noticing, by their
/// `statfs` number (`linux/magic.h`, GNU coreutils).
#[cfg(target_os = "linux")]
fn misses_remote_changes(kind: u32) -> bool {
    matches!(
        kind,
        0x6969          // NFS
        | 0x517B        // SMB
        | 0xFF53_4D42   // CIFS
        | 0xFE53_4D42   // SMB 2 and 3
        | 0x6573_5546   // FUSE: sshfs, virtiofs, and whatever else
        | 0x0102_1997   // 9p: WSL, virtual machines
        | 0x00C3_6400   // Ceph
        | 0x5346_414F   // AFS
        | 0x6B41_4653   // AFS of the kernel
        | 0x7375_7245   // Coda
        | 0x564C        // NCP
        | 0x0BD0_0BD0   // Lustre
        | 0x4750_4653   // GPFS
        | 0x0116_1970   // GFS2
        | 0x7461_636F   // OCFS2
        | 0x1983_0326   // BeeGFS
        | 0x786F_4256   // folders of VirtualBox
        | 0xBACB_ACBC   // folders of VMware
        | 0x7C7C_6673 // folders of Parallels
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_folder_under_the_same_path_has_another_identity() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        fs::create_dir(&a).unwrap();
        let before = identity(&a);
        assert!(before.is_some() && before == identity(&a));
        assert_eq!(identity(&b), None);
        fs::create_dir(&b).unwrap();
        fs::rename(&a, folder.path().join("c")).unwrap();
        fs::rename(&b, &a).unwrap();
        if cfg!(unix) {
            assert_ne!(identity(&a), before);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn mount_points_are_recognized() {
        let folder = tempfile::tempdir().unwrap();
        assert!(is_mounted(Path::new("/proc")) && !is_mounted(folder.path()));
        assert!(
            is_owned_by_system(Path::new("/proc")) && !is_owned_by_system(&folder.path().join("x"))
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn network_file_systems_miss_remote_changes() {
        let network = [0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x6573_5546, 0x0102_1997];
        assert!(network.into_iter().all(misses_remote_changes));
        // ext4, XFS, Btrfs, tmpfs, overlay
        let local = [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x794C_7630];
        assert!(!local.into_iter().any(misses_remote_changes));
        assert!(
            supports_events(Path::new("/nowhere/at/all"), true),
            "what is not known counts as local"
        );
    }
}
