//! The real `adb logcat` client piped into the program; its server is our own and has one device.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::util::{EXPLAINED, ended, hear, listen, program, skip};

const LINES: [&str; 3] = [
    "03-18 00:13:38.871  1702  2395 D JIGUANG-JMessage: code=871300\n",
    "03-18 00:13:38.871301  1702  2395 D Other: nothing\n",
    "03-18 00:13:39.002  1702  2395 W Login: code=871300\n",
];

/// A message of the protocol: its length in four hexadecimal digits, then its bytes.
fn request(client: &mut TcpStream) -> io::Result<String> {
    let mut length = [0; 4];
    client.read_exact(&mut length)?;
    let length =
        usize::from_str_radix(&String::from_utf8_lossy(&length), 16).map_err(io::Error::other)?;
    let mut text = vec![0; length];
    client.read_exact(&mut text)?;
    String::from_utf8(text).map_err(io::Error::other)
}

fn okay(client: &mut TcpStream, text: &str) -> io::Result<()> {
    client.write_all(format!("OKAY{:04x}{text}", text.len()).as_bytes())
}

fn serve(mut client: TcpStream) -> io::Result<()> {
    loop {
        let asked = request(&mut client)?;
        match asked.as_str() {
            "host:version" => return okay(&mut client, "0029"),
            features if features.ends_with("features") => return okay(&mut client, "shell_v2,cmd"),
            device if device.starts_with("host:tport:") => {
                client.write_all(b"OKAY\x01\0\0\0\0\0\0\0")?
            }
            device if device.starts_with("host:transport") => client.write_all(b"OKAY")?,
            host if host.starts_with("host:") => return okay(&mut client, ""),
            shell if shell.starts_with("shell") => {
                client.write_all(b"OKAY")?;
                return write_log(&mut client, shell.starts_with("shell,v2"));
            }
            _ => return client.write_all(b"FAIL0003no!"),
        }
    }
}

/// The log, line by line; the connection stays open for a while, as it does for a live log.
fn write_log(client: &mut TcpStream, is_v2: bool) -> io::Result<()> {
    for line in LINES {
        if is_v2 {
            client.write_all(&[&[1][..], &(line.len() as u32).to_le_bytes()].concat())?;
        }
        client.write_all(line.as_bytes())?;
        thread::sleep(Duration::from_millis(20));
    }
    thread::sleep(Duration::from_millis(300));
    if is_v2 { client.write_all(&[3, 1, 0, 0, 0, 0]) } else { Ok(()) }
}

#[test]
fn the_log_of_a_real_adb_client_is_explained_live() {
    if Command::new("adb")
        .arg("version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_err()
    {
        skip("adb is not on the PATH");
        return;
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let port = listener.local_addr().expect("an address").port().to_string();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || serve(client));
        }
    });
    let mut adb = Command::new("adb");
    adb.args(["-P", &port, "logcat"]).env_remove("ADB_SERVER_SOCKET").env_remove("ANDROID_SERIAL");
    let mut adb = adb
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("adb starts");
    let log = adb.stdout.take().expect("it is piped");
    let mut filter = program().stdin(log).stdout(Stdio::piped()).spawn().expect("it starts");
    let output = listen(filter.stdout.take().expect("it is piped"));
    let want = LINES.concat().replace("code=871300", EXPLAINED);
    assert_eq!(String::from_utf8_lossy(&hear(&output, want.len())), want);
    assert_eq!((ended(&mut adb), ended(&mut filter)), (0, 0));
}
