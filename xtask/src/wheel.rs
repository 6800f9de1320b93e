//! `cargo xtask wheel`: the Python package, built and tested in a place of its own.

use crate::shell::Shell;

/// Where Python's packages for it are, and where the wheel goes.
const PLACE: &str = "target/wheel";
/// What builds it, and what its frames are of.
const PACKAGES: [&str; 2] = ["maturin>=1.9,<2", "pandas>=2,<4"];

/// Builds the wheel (for distribution if `release`), installs it and runs its tests.
pub(crate) fn run(sh: &Shell, release: bool) -> anyhow::Result<()> {
    let place = sh.root().join(PLACE);
    let python = place.join("bin/python");
    if !python.is_file() {
        let mut make = sh.with("python3", ["-m", "venv"]);
        sh.run("making a place for the wheel", make.arg(&place))?;
    }
    let pip = || {
        let mut pip = sh.command(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip
    };
    sh.run("installing maturin and pandas", pip().args(PACKAGES))?;
    let wheels = place.join("wheels");
    if wheels.is_dir() {
        std::fs::remove_dir_all(&wheels)?;
    }
    let mut maturin = sh.command(place.join("bin/maturin"));
    maturin.args(["build", "--manifest-path", "python/wheel/Cargo.toml", "--out"]).arg(&wheels);
    maturin.args(["--profile", if release { "release" } else { "dev" }]);
    sh.run("building the wheel", &mut maturin)?;
    for wheel in std::fs::read_dir(&wheels)? {
        let mut install = pip();
        install.args(["--force-reinstall", "--no-deps"]).arg(wheel?.path());
        sh.run("installing the wheel", &mut install)?;
    }
    sh.run("building the command line to compare with", &mut sh.with("cargo", ["build"]))?;
    let mut test = sh.command(&python);
    test.args(["python/wheel/tests/test_kvscope.py", "target/debug/kvscope", "tests/data"]);
    sh.run("testing the wheel", &mut test)?;
    println!("The wheel is in {PLACE}/wheels.");
    Ok(())
}
