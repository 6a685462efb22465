//! Sandboxing applied at worker start-up: a memory limit, and no access to files
//! and network, as far as the system can enforce it. The parent enforces the
//! deadline. Knows no document.

/// Permanently drops what this process does not need for typesetting. `memory` is
/// in MiB. Must be called before any other thread is started.
#[cfg(target_os = "linux")]
pub fn sandbox(memory: u64) {
    use rustix::process::{DumpableBehavior, Resource, set_dumpable_behavior};

    // a worker also runs where the system cannot enforce this
    let _ = deny_files_and_network();
    // records may be secret, and a core dump would contain them
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    lower(Resource::Core, 0);
    lower(Resource::Fsize, 0);
    // memory that is written to; far more address space is reserved than used
    lower(Resource::Data, memory.saturating_mul(1024 * 1024));
    // no file or socket can be opened besides the three that are open
    lower(Resource::Nofile, 3);
}

/// On other systems a worker has no limits of its own, but can still be killed.
#[cfg(not(target_os = "linux"))]
pub fn sandbox(_memory: u64) {}

#[cfg(target_os = "linux")]
fn lower(resource: rustix::process::Resource, to: u64) {
    use rustix::process::{Rlimit, getrlimit, setrlimit};

    let most = getrlimit(resource).maximum.map_or(to, |most| most.min(to));
    let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
}

/// Landlock: no file system, no TCP, no signals to other processes and no
/// abstract sockets. Older kernels enforce less of this, or nothing.
#[cfg(target_os = "linux")]
fn deny_files_and_network() -> Result<landlock::RestrictionStatus, landlock::RulesetError> {
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, Scope};

    let abi = ABI::V6;
    Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .restrict_self()
}
