//! Every recipe of `docs/ci.md` that can run without its CI system runs here, with builds and
//! policies that pass and fail, and ends as the page says.

use std::process::Command;

use serde_json::Value;

use crate::recipes::{Build, Machine, blocks, page, recipe, strings, yaml};
use crate::util::{Outcome, skip};

/// A row of the page's table of statuses.
struct Row {
    build: Build<'static>,
    pipeline: i32,
    in_turn: i32,
    without_pipefail: i32,
}

const CLEAN: &str = "> Task :app:test\nBUILD DONE\n";
const WITH_ERROR: &str = "> Task :app:test\nJMessage: responseCode = 871300\nBUILD DONE\n";

/// The table of statuses.
fn rows() -> Vec<Row> {
    let page = page("docs/ci.md");
    let table = page.split("<!-- STATUS -->").nth(1).expect("a mark");
    let table = table.split("<!-- /STATUS -->").next().unwrap_or_default();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(|cell| cell.trim_matches([' ', '*'])).collect();
        let number = |at: usize| cells[at].parse::<i32>().expect("a status");
        let log = match cells[2] {
            "clean" => CLEAN,
            "an error" => WITH_ERROR,
            "empty" => "",
            other => panic!("no log {other}"),
        };
        let build = Build { status: number(1), log };
        Row { build, pipeline: number(3), in_turn: number(4), without_pipefail: number(5) }
    };
    let rows: Vec<Row> = table.trim().lines().skip(2).map(row).collect();
    assert_eq!(rows.len(), 6);
    rows
}

#[test]
fn the_table_of_statuses_is_true() {
    let pipeline = recipe("In a pipeline");
    let in_turn = recipe("One after the other");
    let without = pipeline.replace("set -o pipefail\n", "");
    assert_ne!(pipeline, without);
    for row in rows() {
        for (script, status) in
            [(&pipeline, row.pipeline), (&in_turn, row.in_turn), (&without, row.without_pipefail)]
        {
            let outcome = Machine::new(row.build).run(&["bash"], script);
            assert_eq!(outcome.status, Some(status), "{:?} {script}: {outcome:?}", row.build);
        }
    }
}

/// The status of a job is that of its step that failed; each step has its own.
#[test]
fn github_jobs_fail_if_the_build_or_the_policy_fails() {
    let device = yaml(&recipe(".github/workflows/device-tests.yml"));
    let unit = yaml(&recipe(".github/workflows/unit-tests.yml"));
    for row in rows() {
        let machine = Machine::new(row.build);
        let steps = machine.github(&unit["jobs"]["unit-tests"]["steps"]);
        assert_eq!(statuses(&steps), [("Tests", row.pipeline)], "{steps:?}");
        assert_eq!(machine.read("build.log"), row.build.log);

        let machine = Machine::new(row.build);
        let steps = machine.github(&device["jobs"]["device-tests"]["steps"]);
        let policy = i32::from(row.build.log != CLEAN);
        let want =
            [("Enable KVM", 0), ("Tests", row.build.status), ("JMessage error codes", policy)];
        assert_eq!(statuses(&steps), want, "{steps:?}");
        let codes = &steps[2].1;
        assert_eq!(
            codes.text().starts_with("::error title=JMessage 871300"),
            row.build.log == WITH_ERROR,
            "{codes:?}"
        );
        check_device_logs(&machine, row.build);
    }
}

fn statuses(steps: &[(String, Outcome)]) -> Vec<(&str, i32)> {
    let status = |outcome: &Outcome| outcome.status.expect("it exits");
    steps.iter().map(|(name, outcome)| (name.as_str(), status(outcome))).collect()
}

/// Logcat is enlarged, emptied, and recorded before the tests, and both logs are kept.
#[track_caller]
fn check_device_logs(machine: &Machine, build: Build<'_>) {
    assert_eq!(machine.read("device.log"), build.log);
    let explained = "responseCode = 871300 [Have not logged in. | ";
    assert_eq!(machine.read("annotated.log").contains(explained), build.log == WITH_ERROR);
    let calls = machine.read("calls");
    let at = |call: &str| calls.find(call).unwrap_or_else(|| panic!("no {call} in {calls}"));
    let order = ["adb logcat -G 16M\n", "adb logcat -c\n", "adb logcat\n"].map(at);
    assert!(order.is_sorted(), "{calls}");
}

#[test]
fn gitlab_jobs_fail_if_the_build_or_the_policy_fails() {
    let device = yaml(&recipe(".gitlab-ci.yml: device tests"));
    let unit = yaml(&recipe(".gitlab-ci.yml: unit tests"));
    for row in rows() {
        let machine = Machine::new(row.build);
        let outcome = machine.gitlab(&unit["unit-tests"]);
        assert_eq!(outcome.status, Some(row.pipeline), "{outcome:?}");
        check_junit(&machine, row.build);

        let machine = Machine::new(row.build);
        let outcome = machine.gitlab(&device["device-tests"]);
        assert_eq!(outcome.status, Some(row.in_turn), "{outcome:?}");
        check_device_logs(&machine, row.build);
        check_junit(&machine, row.build);
        let calls = machine.read("calls");
        assert!(calls.contains("emulator -avd ci ") && calls.contains(";android-34;"), "{calls}");
    }
}

/// What the policy fails is a failed test.
#[track_caller]
fn check_junit(machine: &Machine, build: Build<'_>) {
    let junit = machine.read("jmessage.xml");
    let failures = usize::from(build.log != CLEAN);
    assert_eq!(junit.matches("<failure").count(), failures, "{junit}");
    assert!(junit.contains("<testcase "), "{junit}");
}

#[test]
fn azure_jobs_fail_if_the_build_or_the_policy_fails() {
    let pipeline = yaml(&recipe("azure-pipelines.yml"));
    let script = pipeline["steps"][0]["bash"].as_str().expect("a script");
    for row in rows() {
        let machine = Machine::new(row.build);
        let outcome = machine.run(&["bash", "--noprofile", "--norc"], script);
        assert_eq!(outcome.status, Some(row.pipeline), "{outcome:?}");
        let issues = outcome.text().matches("##vso[task.logissue type=error;").count();
        assert_eq!(issues, usize::from(row.build.log != CLEAN), "{outcome:?}");
        check_junit(&machine, row.build);
    }
}

#[test]
fn jenkins_builds_fail_if_the_build_or_the_policy_fails() {
    let jenkinsfile = recipe("Jenkinsfile");
    let script = jenkinsfile.split("'''").nth(1).expect("a script");
    assert!(script.starts_with("#!/usr/bin/env bash\n"));
    let [open, close] = ['{', '}'].map(|brace| jenkinsfile.matches(brace).count());
    assert_eq!(open, close);
    for row in rows() {
        let machine = Machine::new(row.build);
        let outcome = machine.run(&["bash"], script);
        assert_eq!(outcome.status, Some(row.pipeline), "{outcome:?}");
        check_junit(&machine, row.build);
    }
}

#[test]
fn buildkite_builds_fail_and_show_the_table() {
    let pipeline = yaml(&recipe(".buildkite/pipeline.yml"));
    let command = pipeline["steps"][0]["command"].as_str().expect("a command");
    for row in rows() {
        let machine = Machine::new(row.build);
        let outcome = machine.run(&["bash", "-e"], command);
        assert_eq!(outcome.status, Some(row.pipeline), "{outcome:?}");
        let style = if row.pipeline == 0 { "info" } else { "error" };
        let call = format!("buildkite-agent annotate --style {style} --context jmessage\n");
        assert!(machine.read("calls").ends_with(&call), "{}", machine.read("calls"));
        let annotation = machine.read("annotation.md");
        assert!(annotation.starts_with("## JMessage error codes\n"), "{annotation}");
        assert_eq!(annotation.contains("**error, fails**"), row.build.log == WITH_ERROR);
        assert_eq!(annotation.contains("**Fails:** `stdin` is empty."), row.build.log.is_empty());
        assert_eq!(machine.read("build.log"), row.build.log);
    }
}

/// A log that ends in the middle of the tests is not empty, so only the script can notice it.
#[test]
fn a_logcat_that_dies_fails_the_device_tests() {
    for (build, status) in [(0, 2), (3, 3)] {
        let machine = Machine::new(Build { status: build, log: CLEAN });
        machine.write("logcat.dies", "");
        let outcome = machine.run(&["bash"], &recipe("ci/device-tests.sh")).expect(status);
        assert!(outcome.stderr.contains("device.log is incomplete"), "{}", outcome.stderr);
    }
}

#[test]
fn a_log_that_was_never_written_is_an_error() {
    let device = yaml(&recipe(".github/workflows/device-tests.yml"));
    let script = device["jobs"]["device-tests"]["steps"][4]["run"].as_str().expect("a script");
    let machine = Machine::new(Build { status: 0, log: CLEAN });
    let outcome = machine.run(&["bash", "-e"], script).expect(2);
    assert!(outcome.stderr.contains("device.log: No such file"), "{}", outcome.stderr);
}

#[test]
fn slack_gets_ten_codes_and_no_markup() {
    if Command::new("jq").arg("--version").output().is_err() {
        skip("jq is not on the PATH");
        return;
    }
    let script = recipe("Slack");
    let send = |log: &str| {
        let machine = Machine::new(Build { status: 0, log: "" });
        machine.write("device.log", log);
        let variables = [
            ("JOB_URL", "https://ci.example/1?a=1&b=2"),
            ("SLACK_WEBHOOK_URL", "u"),
            ("JM_ANNOTATE_FAIL_ON", "any"),
        ];
        machine.run_with(&["bash", "-eo", "pipefail"], &script, &variables).expect(0);
        let sent = machine.read("sent.json");
        let value = (!sent.is_empty()).then(|| serde_json::from_str::<Value>(&sent));
        value.map(|value| value.expect("JSON"))
    };
    assert_eq!(send(CLEAN), None);
    let code = |code: u64| format!("JMessage: responseCode = {code}\n");
    let log: String = (871_900..871_912).map(code).collect();
    let log = format!("{}{log}{}{}", code(871_201), code(871_905), code(871_300));
    let payload = send(&log).expect("a message");
    assert_eq!(payload["mrkdwn"], false);
    let text = payload["text"].as_str().expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 12, "{text}");
    assert_eq!(lines[0], "14 JMessage error codes: https://ci.example/1?a=1&amp;b=2");
    assert!(lines[1].starts_with("error 871905 (2), first at device.log:7: unknown "), "{text}");
    assert!(lines[2].starts_with("error 871300 (1), first at device.log:15: The API"), "{text}");
    assert_eq!(lines[11], "and 4 more");
}

#[test]
fn team_defaults_are_the_policy_of_every_job() {
    let workflow = yaml(&recipe("Part of a workflow"));
    let variables: Vec<(&str, &str)> = ["JM_ANNOTATE_CATALOG", "JM_ANNOTATE_FAIL_ON"]
        .map(|name| (name, workflow["env"][name].as_str().expect("a value")))
        .into();
    let script = recipe("In a pipeline").replace(" --fail-on error,empty", "");
    for (log, status) in
        [("code = 871304\n", 0), ("code = 871300\n", 1), ("code = 50001\n", 1), ("", 1)]
    {
        let machine = Machine::new(Build { status: 0, log });
        machine.write("ci/codes.tsv", "50001\tshop\tsure\terror\tsold out\t\tSold out\t已售罄\n");
        let outcome = machine.run_with(&["bash"], &script, &variables);
        assert_eq!(outcome.status, Some(status), "{log}: {outcome:?}");
    }
}

/// A block that no test runs must be added here with its reason.
#[test]
fn every_block_runs_or_says_why_not() {
    let mut languages: Vec<String> =
        blocks(&page("docs/ci.md")).into_iter().map(|block| block.language).collect();
    languages.sort_unstable();
    // PowerShell runs on no machine of these tests.
    let want = [vec!["bash"; 6], vec!["groovy", "powershell"], vec!["yaml"; 7]].concat();
    assert_eq!(languages, want);
}

/// An archive like those of `.ci/package`, and a curl that takes it from a folder.
#[test]
fn a_release_is_installed_if_it_is_what_was_released() {
    let pack = r#"
        name=jm-annotate-0.1.0-$(uname -m)-unknown-linux-musl
        mkdir -p release "$name"
        printf '#!/bin/sh\necho released\n' > "$name/jm-annotate"
        chmod +x "$name/jm-annotate"
        tar -czf "release/$name.tar.gz" "$name"
        cd release && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256"
        cd .. && rm -r "$name" bin/jm-annotate
    "#;
    let curl =
        "#!/bin/sh\nfor file; do case $file in */*) cp \"release/${file##*/}\" . ;; esac; done\n";
    for (damage, want) in [("", 0), ("for file in release/*.gz; do echo x >> $file; done", 1)] {
        let machine = Machine::new(Build { status: 0, log: "" });
        machine.write("bin/curl", curl);
        machine.run(&["sh", "-e"], &format!("{pack}\n{damage}")).expect(0);
        let script = recipe("ci/install-jm-annotate.sh");
        let variables = [("JM_ANNOTATE_RELEASE", "https://releases.example")];
        machine.run_with(&["bash"], &script, &variables).expect(want);
        assert_eq!(machine.read("bin/jm-annotate").contains("released"), want == 0);
    }
}

#[test]
fn the_example_on_the_front_pages_fails_as_well() {
    for path in ["README.md", "docs/README.zh.md"] {
        let step = blocks(&page(path)).into_iter().find(|block| block.language == "yaml");
        let steps = yaml(&step.expect("an example").text);
        for row in rows() {
            let steps = Machine::new(row.build).github(&steps);
            assert_eq!(statuses(&steps), [("Tests", row.pipeline)], "{path}: {steps:?}");
        }
    }
}

#[test]
fn gitlab_stops_the_emulator_and_keeps_every_log() {
    let device = yaml(&recipe(".gitlab-ci.yml: device tests"));
    let job = &device["device-tests"];
    assert_eq!(strings(&job["after_script"]), ["adb emu kill"]);
    assert_eq!(job["artifacts"]["when"].as_str(), Some("always"));
    assert_eq!(
        strings(&job["artifacts"]["paths"]),
        ["device.log", "annotated.log", "emulator.log"]
    );
}
