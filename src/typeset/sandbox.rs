//! What a worker takes away from itself before it listens: memory beyond a
//! limit, files and network. As much of it as the system can enforce; the
//! deadline is the parent's business. Knows no document.

/// Gives up, for this process and for good, what typesetting does not need.
/// `memory` is in MiB. To be called before any other thread is started.
#[cfg(target_os = "linux")]
pub fn sandbox(memory: u64) {
    use rustix::process::{DumpableBehavior, Resource, set_dumpable_behavior};

    // what a system cannot enforce is no reason not to work
    let _ = no_files_no_network();
    // records may be secret, and a core dump would keep them
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    lower(Resource::Core, 0);
    lower(Resource::Fsize, 0);
    // memory that is written to; address space is reserved far beyond it
    lower(Resource::Data, memory.saturating_mul(1024 * 1024));
    // no file or socket can be opened beside the three that are open
    lower(Resource::Nofile, 3);
}

/// Elsewhere a worker has no limits of its own: it can still be ended.
#[cfg(not(target_os = "linux"))]
pub fn sandbox(_memory: u64) {}

#[cfg(target_os = "linux")]
fn lower(resource: rustix::process::Resource, to: u64) {
    use rustix::process::{Rlimit, getrlimit, setrlimit};

    let most = getrlimit(resource).maximum.map_or(to, |most| most.min(to));
    let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
}

/// Landlock: nothing of the file system, no TCP, no signals and abstract
/// sockets of other processes. Older kernels enforce less of it, or nothing.
#[cfg(target_os = "linux")]
fn no_files_no_network() -> Result<landlock::RestrictionStatus, landlock::RulesetError> {
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, Scope};

    let abi = ABI::V6;
    Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .restrict_self()
}
