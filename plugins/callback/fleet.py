# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Callback plugin fleet: wires plugin_utils.fleet_output to Ansible's events."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet
type: stdout
short_description: Output for many hosts, equal results folded
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Shows the equal results of a task's hosts once, with the hosts folded - C([web[1-40,42]] changed (41 hosts)).
    What differs is shown apart, diffs among it. Changes and failures are shown, what is ok or skipped is counted.
  - On a terminal, where the Python library C(rich) is installed, the last lines show how many hosts are done, running
    and failed, which one has been running longest, the time, and about how long the task will still take. In a pipe,
    with the environment variable E(CI), or without C(rich), only plain lines are written.
  - Ends with a summary for each task and each host group, the failed hosts as a pattern for C(--limit), and the exit
    code in words. So does a run that is interrupted.
  - It can keep what the hosts said in files (O(output_dir)), and decide the exit code (O(exit_strategy)).
  - A task's results are told when all its hosts are done, with the strategies P(ansible.builtin.free#strategy) and
    P(ansible.builtin.host_pinned#strategy) whenever none is running it.
  - What Ansible has censored (C(no_log)) is censored here, too. Control characters in what hosts say are written out.
requirements:
  - set as stdout callback in the configuration
  - rich (Python library, for the lines that change)
options:
  live:
    description: Whether a terminal gets the lines that change.
    type: bool
    default: true
    env:
      - name: SSHFLEET_LIVE
    ini:
      - section: callback_fleet
        key: live
  output_dir:
    description:
      - A directory in which this run writes C(HOST.out), the standard output of the tasks with
        M(sshfleet.containers.remote_container_exec) and M(sshfleet.containers.remote_container_logs) as it is,
        C(HOST.json), the results of all other tasks, C(summary.json) and C(summary.txt).
      - It is made with mode 0700 where it is missing. Files have mode 0600, and appear complete, when the run ends.
      - What a file's name should not have is written in it as C(%) and two hexadecimal digits. A host called
        C(../etc) so has the file C(%2e.%2fetc.json).
      - A relative path starts from the directory in which Ansible was started, in a configuration file from the
        directory of that.
    type: path
    env:
      - name: SSHFLEET_OUTPUT_DIR
    ini:
      - section: callback_fleet
        key: output_dir
  output_overwrite:
    description:
      - Whether files that are in O(output_dir) already are replaced.
      - Without it a directory with the summary of an earlier run is refused before anything runs, and any other file
        that is in the way stays, with a warning.
    type: bool
    default: false
    env:
      - name: SSHFLEET_OUTPUT_OVERWRITE
    ini:
      - section: callback_fleet
        key: output_overwrite
  exit_strategy:
    description:
      - Decides about the exit code. Without it, the exit code is Ansible's.
      - V(all) - 0 if no host failed. V(any) - 0 if one host did not. V(majority) - 0 if more than half did not.
        V(main=HOST) - 0 if this host did not, whatever the others did.
      - V(fail_fast) - as V(all), and the first failure ends the run, because every play is given
        C(any_errors_fatal). A play's C(max_fail_percentage) is left as it is.
      - Else 10 says that some hosts failed, 11 that all did, 12 that no majority succeeded, 13 that the main host
        failed, 14 that nothing ran on the hosts that decide, and 15 that V(fail_fast) stopped the run.
      - A host has failed if the last lines of Ansible's own output would count it as failed or unreachable. Rescued and
        ignored failures do not count.
      - What Ansible says of other things stays, for example 1 for an error of Ansible and 99 for an interruption.
    type: str
    env:
      - name: SSHFLEET_EXIT_STRATEGY
    ini:
      - section: callback_fleet
        key: exit_strategy
extends_documentation_fragment:
  - ansible.builtin.default_callback
  - ansible.builtin.result_format_callback
notes:
  - O(display_ok_hosts) and O(display_skipped_hosts) decide what C(-v) shows of such hosts, and
    O(check_mode_markers), O(show_custom_stats), O(show_per_host_start), O(show_task_path_on_failure) and
    O(display_failed_stderr) do what they do in P(ansible.builtin.default#callback).
  - For C(ansible), set C(bin_ansible_callbacks) in the configuration, or E(ANSIBLE_LOAD_CALLBACK_PLUGINS). What
    commands wrote is then shown without C(-v).
"""

EXAMPLES = r"""
# In ansible.cfg, or ANSIBLE_STDOUT_CALLBACK=sshfleet.containers.fleet for one run
# [defaults]
# stdout_callback = sshfleet.containers.fleet
#
# [callback_fleet]
# exit_strategy = majority
"""

import atexit
import os
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import PurePath
from typing import Any

from ansible import cli, context
from ansible import constants as C
from ansible.errors import AnsibleOptionsError
from ansible.playbook.task_include import TaskInclude
from ansible.plugins.callback import CallbackBase
from ansible.utils.fqcn import add_internal_fqcns

from ..plugin_utils.errors import InvalidOption
from ..plugin_utils.fleet_output import exit_codes, results, said
from ..plugin_utils.fleet_output.files import OUTPUT, RESULTS
from ..plugin_utils.fleet_output.names import folded
from ..plugin_utils.fleet_output.results import Words, counted, lines_of
from ..plugin_utils.fleet_output.summary import Summary
from ..plugin_utils.fleet_output.tasks import Running, Tasks
from ..plugin_utils.fleet_output.work import command_end, picture
from ..plugin_utils.fleet_output.work.output_dir import OutputDir
from ..plugin_utils.fleet_output.work.region import Region
from ..plugin_utils.telling import everywhere_visible, visible

_FREE = add_internal_fqcns(("free", "host_pinned"))
_COLOURS = {
    results.OK: C.COLOR_OK,
    results.CHANGED: C.COLOR_CHANGED,
    results.SKIPPED: C.COLOR_SKIP,
    results.FAILED: C.COLOR_ERROR,
    results.UNREACHABLE: C.COLOR_UNREACHABLE,
    results.IGNORED: C.COLOR_WARN,
}

# Of these a person is told nothing, but for what -v shows.
_QUIET = (results.OK, results.SKIPPED)


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "sshfleet.containers.fleet"

    def __init__(self) -> None:
        super().__init__()
        self._summary = Summary()
        self._tasks = Tasks(self._summary, time.monotonic)
        self._play: Any = None
        self._play_hosts = 0
        self._playbook = ""
        self._kinds: dict[str, str] = {}
        self._began = time.time()
        self._strategy = exit_codes.Strategy()
        self._output: OutputDir | None = None
        self._region: Region | None = None
        # Whether the last play is over, whether we are asked at the command's end, and whether we have been.
        self._over = self._asked_at_end = self._ended = False

    # The run ----------------------------------------------------------------------------------------------------------

    def set_options(self, task_keys: Any = None, var_options: Any = None, direct: Any = None) -> None:
        super().set_options(task_keys=task_keys, var_options=var_options, direct=direct)
        try:
            self._strategy = exit_codes.strategy(self.get_option("exit_strategy"))
            if path := self.get_option("output_dir"):
                self._output = OutputDir(path, self.get_option("output_overwrite"))
                atexit.register(self._output.forget)
        except InvalidOption as error:
            raise AnsibleOptionsError(f"{error.message} {error.hint}".strip()) from None
        self._asked_at_end = command_end.decide(cli, self._end)
        if not self._asked_at_end and self.get_option("exit_strategy"):
            raise AnsibleOptionsError(
                "exit_strategy can't be kept with this version of Ansible, which ends in another way. Leave it out."
            )
        if self.get_option("live") and not C.ENABLE_TASK_DEBUGGER and picture.can_draw(sys.stdout, os.environ):
            self._region = Region(self._drawn, getattr(self._display, "_lock", nullcontext()))
            atexit.register(self._region.stop)

    def v2_playbook_on_start(self, playbook: Any) -> None:
        self._playbook = str(playbook._file_name)
        if self._strategy.stops:
            for play in playbook.get_plays():
                play.any_errors_fatal = True
        if self._display.verbosity > 1:
            self._tell(f"\nPLAYBOOK {visible(PurePath(self._playbook).name)}")
        self._tell_dry_run()

    def v2_playbook_on_play_start(self, play: Any) -> None:
        self._pause()
        self._play, self._over = play, False
        self._play_hosts = len(play.get_variable_manager().get_vars(play=play).get("ansible_play_batch", ()))
        hosts = f"({self._play_hosts} host{'s' * (self._play_hosts != 1)})"
        self._tell(f"\nPLAY {visible(play.get_name().strip())}{self._check_mark(play)} {hosts}")

    def v2_playbook_on_vars_prompt(self, *args: Any, **kwargs: Any) -> None:
        self._pause()

    def v2_playbook_on_no_hosts_matched(self) -> None:
        self._tell("skipping: no hosts matched", C.COLOR_SKIP)

    def v2_playbook_on_no_hosts_remaining(self) -> None:
        self._flush_all()
        self._tell("\nNO MORE HOSTS LEFT")

    def v2_playbook_on_include(self, included_file: Any) -> None:
        label = self._get_item_label(included_file._vars)
        item = f" (item={said.as_text(label)})" if label else ""
        hosts = folded(host.name for host in included_file._hosts)
        self._tell(f"[{hosts}] included {visible(str(included_file._filename))}{item}", C.COLOR_INCLUDED)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._pause()
        self._summary.settle({host: stats.summarize(host) for host in stats.processed})
        self._over = True
        if stats.custom and self.get_option("show_custom_stats"):
            self._tell("\nCUSTOM STATS")
            for host, custom in sorted(stats.custom.items()):
                what = "run" if host == "_run" else folded([host])
                self._tell(f"[{what}] {self._dumped(custom, indent=1)}".replace("\n", ""))
        if not self._asked_at_end:
            self._conclude(None)

    # Tasks ------------------------------------------------------------------------------------------------------------

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._task_starts(task, "TASK")

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        self._task_starts(task, "HANDLER")

    def _task_starts(self, task: Any, kind: str) -> None:
        self._kinds[task._uuid] = kind
        if self._play.strategy not in _FREE:
            self._flush_all()
            self._title(self._running(task), task)
        debugged = task.debugger or self._play.strategy in add_internal_fqcns(("debug",))
        if debugged or task.action in add_internal_fqcns(("pause",)):
            self._pause()
        elif self._region:
            self._region.start()

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        self._tasks.host_begins(self._running(task), host.get_name())
        if self.get_option("show_per_host_start"):
            self._tell(f"[{folded([host.get_name()])}] started {visible(task.get_name())}", C.COLOR_OK)

    def v2_playbook_on_notify(self, handler: Any, host: Any) -> None:
        if self._display.verbosity > 1:
            handler_name = visible(handler.get_name())
            self._tell(f"[{folded([host.get_name()])}] notified handler {handler_name}", C.COLOR_VERBOSE)

    def _running(self, task: Any) -> Running:
        return self._tasks.of(task._uuid, task.get_name().strip(), self._play.get_name().strip())

    def _title(self, running: Running, task: Any) -> None:
        if running.titled:
            return
        running.titled = True
        arguments = ""
        if C.DISPLAY_ARGS_TO_STDOUT and not task.no_log:
            arguments = " " + ", ".join(f"{name}={value}" for name, value in task.args.items())
        kind = self._kinds.get(task._uuid, "TASK")
        self._tell(f"\n{kind} {visible(running.title + arguments)}{self._check_mark(task)}")
        if self._display.verbosity > 1:
            self._print_task_path(task)

    # Results ----------------------------------------------------------------------------------------------------------

    def v2_runner_on_ok(self, result: Any) -> None:
        self._has_result(result, results.CHANGED if result.result.get("changed") else results.OK)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._has_result(result, results.IGNORED if ignore_errors else results.FAILED)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._has_result(result, results.IGNORED if result.task.ignore_unreachable else results.UNREACHABLE)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._has_result(result, results.SKIPPED)

    def v2_runner_item_on_ok(self, result: Any) -> None:
        self._has_item(result, results.CHANGED if result.result.get("changed") else results.OK)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        self._has_item(result, results.FAILED)

    def v2_runner_item_on_skipped(self, result: Any) -> None:
        self._has_item(result, results.SKIPPED)

    def v2_on_file_diff(self, result: Any) -> None:
        for one in result.result["results"] if self._is_loop(result) else [result.result]:
            if isinstance(one, Mapping) and one.get("diff") and one.get("changed"):
                text = self._get_diff(everywhere_visible(one["diff"]))
                self._tasks.diff(result.task._uuid, result.host.get_name(), text)

    def v2_runner_retry(self, result: Any) -> None:
        if self._run_is_verbose(result):
            left = result.result["retries"] - result.result["attempts"]
            more = f": {self._dumped(result.result)}" if self._run_is_verbose(result, verbosity=2) else ""
            host = folded([result.host.get_name()])
            self._tell(f"[{host}] retries {visible(result.task_name)} ({left} left){more}", C.COLOR_DEBUG)

    def v2_runner_on_async_poll(self, result: Any) -> None:
        if self._run_is_verbose(result):
            job = visible(str(result.result.get("ansible_job_id")))
            self._tell(f"[{folded([result.host.get_name()])}] job {job} is running", C.COLOR_DEBUG)

    def _has_item(self, result: Any, status: str) -> None:
        if isinstance(result.task, TaskInclude):
            return
        self._handle_warnings(result.result)
        label = said.as_text(self._get_item_label(result.result))
        words = self._words(result, status)
        if words is not None or status not in _QUIET:
            text = f": {words.text}" if words and words.text else ""
            self._tasks.item(result.task._uuid, result.host.get_name(), f"(item={label}) {status}{text}")

    def _has_result(self, result: Any, status: str) -> None:
        host, task = result.host.get_name(), result.task
        running = self._running(task)
        if self._output:
            self._keep(self._output, result, status)
        self._handle_warnings(result.result)
        words = self._tasks.items(task._uuid, host)
        if words is None and not isinstance(task, TaskInclude) and not (status in _QUIET and self._is_loop(result)):
            words = self._words(result, status)
        if words and task.delegate_to and task.delegate_to != host:
            words = words.below(f"on {said.as_text(task.delegate_to)}")
        groups = [group.name for group in result.host.get_groups() if group.name != "all"]
        first = self._tasks.result(task._uuid, host, groups, status, words)
        if first and status in results.BAD and self.get_option("show_task_path_on_failure"):
            self._print_task_path(task)
        if self._play.strategy in _FREE and self._tasks.idle(task._uuid):
            self._title(running, task)
            self._flush(running)

    @staticmethod
    def _is_loop(result: Any) -> bool:
        return bool(result.task.loop) and "results" in result.result

    def _words(self, result: Any, status: str) -> Words | None:
        """What is told of a result; None where it is only counted."""
        self._clean_results(result.result, result.task.action)
        option = {results.OK: "display_ok_hosts", results.SKIPPED: "display_skipped_hosts"}.get(status)
        if self._run_is_verbose(result):
            if option and not self.get_option(option):
                return None
            if said.only_message(result.result):
                return Words(*2 * [said.as_text(result.result["msg"])])
            words = Words(self._dumped(result.result), self._dumped(said.without_times(result.result)))
            return words.above(self._where(result)) if status not in (*_QUIET, results.CHANGED) else words
        if status in (results.FAILED, results.UNREACHABLE, results.IGNORED):
            return Words(*2 * [said.failure(result.result)])
        if context.CLIARGS.get("module_name") and status != results.SKIPPED:
            text = said.output(result.result)
            return Words(*2 * [self._dumped(said.without_times(result.result)) if text is None else text])
        return None

    def _where(self, result: Any) -> list[str]:
        """Where a failed task is written, and with -vvv where in Python it failed, unless that is censored."""
        found = [f"at {visible(result.task.get_path() or '')}"]
        if self._display.verbosity > 2 and "censored" not in result.result and not result.result.get("_ansible_no_log"):
            found.append(said.lines(str(result.result.get("exception") or "")))
        return found

    def _keep(self, output: OutputDir, result: Any, status: str) -> None:
        host, task = result.host.get_name(), result.task
        texts = said.raw(task.action, result.result)
        try:
            if texts is None:
                output.add(host, RESULTS, said.record(task.get_name(), task.action, status, result.result))
            for text in texts or ():
                output.add(host, OUTPUT, text)
        except OSError as error:
            self._display.warning(f"What {folded([host])} said can't be written to output_dir: {error.strerror}.")

    # Telling ----------------------------------------------------------------------------------------------------------

    def _tell(self, text: str, colour: str | None = None, stderr: bool = False) -> None:
        self._display.display(text, color=colour, stderr=stderr)

    def _tell_dry_run(self) -> None:
        if context.CLIARGS.get("check") and self.get_option("check_mode_markers"):
            self._tell("\nDRY RUN")

    def _check_mark(self, thing: Any) -> str:
        return " [CHECK MODE]" if thing.check_mode and self.get_option("check_mode_markers") else ""

    def _dumped(self, result: Any, indent: int | None = None) -> str:
        return visible(self._dump_results(result, indent=indent)).strip("\n")

    def _flush_all(self) -> None:
        for running in self._tasks.ended():
            self._flush(running)

    def _flush(self, running: Running) -> None:
        """Tells what the hosts of a task have said."""
        found = running.results.take()
        if not running.titled and any(running.results.counts.values()):
            self._tell(f"\nTASK {visible(running.title)}")
        for told in found:
            stderr = told.status in results.BAD and self.get_option("display_failed_stderr")
            self._tell(lines_of(told), _COLOURS[told.status], stderr=stderr)
        if counts := counted(running.results.counts):
            self._tell(counts)

    def _pause(self) -> None:
        """Nothing changes any more above what comes now."""
        self._flush_all()
        if self._region:
            self._region.stop()

    def _drawn(self, width: int) -> list[str]:
        running = self._tasks.latest
        progress = running and running.progress(self._play_hosts)
        return picture.drawn(progress, time.monotonic(), width, not C.ANSIBLE_NOCOLOR) if progress else []

    # The end ----------------------------------------------------------------------------------------------------------

    def _end(self, code: int) -> int:
        """The command is about to end with this code. Returns the one that it is to end with."""
        if self._ended:
            return code
        self._ended = True
        decides = self._strategy if self._over else exit_codes.Strategy()
        ending = exit_codes.ending(decides, self._summary.failed(), code)
        try:
            self._pause()
            self._conclude(ending)
        except Exception as error:  # what can't be told changes nothing of what has happened
            self._display.warning(f"The end of this run can't be told: {error!r}")
        return ending.code

    def _conclude(self, ending: exit_codes.Ending | None) -> None:
        seconds = time.time() - self._began
        if self._summary.tasks:
            self._tell("\n" + "\n".join(self._summary.lines(seconds)))
        if ending:
            self._tell(str(ending), C.COLOR_ERROR if ending.code else C.COLOR_OK)
        self._tell_dry_run()
        if self._output:
            try:
                kept = self._output.finish(self._summary.files(self._playbook, self._began, seconds, ending))
            except OSError as error:
                self._display.warning(f"The files of this run can't be written: {error.strerror}.")
                return
            if kept:
                in_the_way = f"are in output_dir already: {folded(kept)}"
                self._display.warning(f"Not written, because they {in_the_way}. Set output_overwrite.")
