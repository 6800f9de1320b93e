#!/usr/bin/env bash
# Gives this machine a wasm32-unknown-unknown target where rustup's server cannot be reached.
#
# `cargo xtask setup` runs it only after `rustup target add wasm32-unknown-unknown` has failed.
# It installs Debian's own current Rust into /usr (beside rustup's toolchains, touching none of
# them), builds the standard library for wasm32 from Debian's source package, and links the
# result into rustup under the name in $TOOLCHAIN. Running it again is harmless.
set -euo pipefail

TOOLCHAIN=wasm32-fallback
TARGET=wasm32-unknown-unknown
LIBDIR=/usr/lib/rustlib/$TARGET/lib
# rustc and cargo, the source and linker for wasm32, then what checks use.
PACKAGES=(rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web)

say() { printf '[wasm target] %s\n' "$*"; }
fail() { printf '[wasm target] error: %s\n' "$*" >&2; exit 1; }

command -v apt-get >/dev/null || fail "this needs apt (Debian or Ubuntu). Elsewhere, install \
the target with: rustup target add $TARGET"

if [[ $(id -u) -eq 0 ]]; then
    ROOT=()
elif sudo -n true 2>/dev/null; then
    ROOT=(sudo -n)
else
    fail "this needs root and 'sudo' without a password is not to be had. Run once, as root:
    bash $(realpath "$0")"
fi
apt() { "${ROOT[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q "$@"; }

if ! dpkg -s "${PACKAGES[@]}" >/dev/null 2>&1; then
    say "installing ${PACKAGES[*]} with apt"
    apt update
    apt install -y --no-install-recommends "${PACKAGES[@]}" ||
        fail "apt could not install: ${PACKAGES[*]}"
fi

# Debian's rust-lld is a link to LLVM's lld, which is in a package of its own.
if [[ ! -e /usr/bin/rust-lld ]]; then
    lld=$(basename "$(readlink /usr/bin/rust-lld)")
    say "installing $lld, which /usr/bin/rust-lld points at"
    apt install -y --no-install-recommends "$lld" || fail "apt could not install: $lld"
fi

# Libraries of another compiler are refused by rustc, so they carry the name of their maker.
version=$(/usr/bin/rustc -vV)
if [[ ! -f $LIBDIR/built-by || $(<"$LIBDIR/built-by") != "$version" ]]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$work/src"
    printf '[package]\nname = "stdbuild"\nversion = "0.0.0"\nedition = "2024"\n' \
        >"$work/Cargo.toml"
    : >"$work/src/lib.rs"
    say "building std for $TARGET with $(head -1 <<<"$version") (under a minute on two cores)"
    # The nightly-only -Zbuild-std is fine here: the compiler and the source are one package.
    (cd "$work" && env -u RUSTUP_TOOLCHAIN -u CARGO_TARGET_DIR -u RUSTFLAGS -u RUSTC_WRAPPER \
        RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc \
        /usr/bin/cargo build --release -Zbuild-std=std,panic_abort,test --target $TARGET)
    rm -f "$work/target/$TARGET/release/deps/"libstdbuild-*
    "${ROOT[@]}" rm -rf "$LIBDIR"
    "${ROOT[@]}" install -d "$LIBDIR"
    "${ROOT[@]}" install -m 644 "$work/target/$TARGET/release/deps/"*.rlib "$LIBDIR"
    "${ROOT[@]}" tee "$LIBDIR/built-by" >/dev/null <<<"$version"
fi

rustup toolchain link $TOOLCHAIN /usr
say "done: rustup toolchain '$TOOLCHAIN' ($(head -1 <<<"$version")) builds $TARGET"
