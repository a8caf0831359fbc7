//! Everything that is tested from outside: the library as its users see it, and the program.

#[cfg(all(test, unix))]
mod adb;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod containers;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod invariants;
#[cfg(all(test, unix))]
mod live;
#[cfg(test)]
mod lookup;
#[cfg(test)]
mod naive;
#[cfg(all(test, unix))]
mod pipes;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod scanners;
#[cfg(all(test, target_os = "linux"))]
mod splice;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod util;
