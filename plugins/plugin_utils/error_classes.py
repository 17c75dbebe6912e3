# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one table of all kinds of errors: sign, outcome, retries and remedy.

The errors take their outcome from it and the retries their causes; ``docs/docsite/rst/errors.rst`` is made of it by
``scripts/errors_page.py``. ``tests/unit/test_error_classes.py`` holds that the code uses every kind of the table and
no other. Texts are reStructuredText.
"""

from __future__ import annotations

from enum import Enum

from .dataclass import dataclass


class Retry(Enum):
    """Whether, and how, a connection or request that failed for this reason is tried again by itself."""

    NO = "not tried again"
    QUICK = "tried again at once, ``tunnel_retries`` tries in all"
    PATIENT = "tried again for up to 30 seconds, behind jump hosts 60"
    WAIT = "tried again for up to 10 seconds"
    ONCE = "looked for once more from the start, unless the engine had answered or been told to change something"


class Stage(Enum):
    """Where on its way a task ended; the values are the page's headings."""

    OPTIONS = "Before anything is touched"
    HOST = "On the way to the host"
    SOCKET = "From the host to the engine's socket"
    ENGINE = "At the engine"


@dataclass(frozen=True)
class Cause:
    """A reason within a kind, told by its own sign, with its own remedy."""

    name: str
    sign: str
    remedy: str
    retry: Retry = Retry.NO


@dataclass(frozen=True)
class ErrorClass:
    """One kind: ``unreachable`` is its outcome (else FAILED). Where it has causes, the retries are theirs."""

    kind: str
    stage: Stage
    meaning: str
    sign: str
    remedy: str
    unreachable: bool = False
    retry: Retry = Retry.NO
    causes: tuple[Cause, ...] = ()


_OPTIONS = (
    ErrorClass(
        "invalid_option",
        Stage.OPTIONS,
        "An option, a variable or an ssh argument has a value that can't be used.",
        "The message begins with the option and its value; ``error.option`` names it.",
        "Correct the value as the hint says.",
    ),
    ErrorClass(
        "hosts_file",
        Stage.OPTIONS,
        "A hosts.json breaks a rule: the inventory plugin refuses it, and ``remote_host`` and ``remote_host_info`` do.",
        "The first 20 problems are printed, with file and line. In the inventory, the run ends with exit code 1 before "
        "any task; in a task, that fails, and the file stays as it was.",
        "Correct each line that is named.",
    ),
    ErrorClass(
        "compose_file",
        Stage.OPTIONS,
        "Compose files can't be used as they are.",
        "Each problem is a line with file, line, key and value; ``error.problems`` has them as a list.",
        "Correct each line that is named.",
    ),
    ErrorClass(
        "connection",
        Stage.OPTIONS,
        "The host is not reached by ``ansible.builtin.ssh``: it is local, or uses another connection plugin.",
        "``ansible_connection`` is something else than ``ssh``.",
        "Name a host that is reached over SSH, or set ``ansible_connection=ssh`` for it.",
    ),
    ErrorClass(
        "controller",
        Stage.OPTIONS,
        "The Python package ``docker`` is missing on the controller.",
        "It can't be imported by the Python that runs Ansible.",
        "``pip install docker`` into Ansible's own Python environment.",
    ),
    ErrorClass(
        "runtime_dir",
        Stage.OPTIONS,
        "The controller's directory for tunnels can't be used: no room or no permission, somebody else's, open to "
        "others, or its path is too long.",
        "A look at the directory, ``$XDG_RUNTIME_DIR/sshfleet``, ``~/.ansible/sshfleet`` or ``/tmp/sshfleet-UID``, or "
        "a write into it fails.",
        "Make room, correct its owner or mode, or set ``XDG_RUNTIME_DIR`` to a short directory of yours, mode 0700.",
    ),
    ErrorClass(
        "policy",
        Stage.OPTIONS,
        "The policy of the host does not let this be changed, or the host is protected and the run does not confirm "
        "it.",
        "``sshfleet_policy``, ``SSHFLEET_POLICY`` or ``policy`` in ``ansible.cfg``, the strictest of them; "
        "``sshfleet_protected``.",
        "Exempt it in ``sshfleet_policy_allow``, confirm it (``confirm``, ``sshfleet_confirm``), or change the policy.",
    ),
    ErrorClass(
        "audit",
        Stage.OPTIONS,
        "A change can't be written down, and ``audit_required`` is set; or others could change the audit trail.",
        "A look at the file and its directory, or the write of a line fails.",
        "Name a file in ``audit`` that the user who runs Ansible can write, and nobody else.",
    ),
    ErrorClass(
        "ssh_client",
        Stage.OPTIONS,
        "ssh on the controller did not start a connection at all.",
        "ssh can't be started, or ends with words about its own options, configuration or sockets.",
        "Correct what ssh names.",
        causes=(
            Cause(
                "missing",
                "The executable can't be started.",
                "Install the OpenSSH client, or correct ``ansible_ssh_executable``.",
            ),
            Cause(
                "option",
                "``Bad configuration option``, ``unknown option`` and the like.",
                "Correct ``ansible_ssh_*_args`` or ``~/.ssh/config``.",
            ),
            Cause(
                "account",
                "``No user exists for uid``, as in a container that runs as any user",
                "Give the user a line in ``/etc/passwd`` there, or use ``transport=paramiko``.",
            ),
            Cause(
                "control",
                "``ControlPath``, ``unix_listener``, ``mux_``: no control socket could be made.",
                "Look whether there is room and permission in the directory for tunnels.",
            ),
        ),
    ),
)

_HOST = (
    ErrorClass(
        "unreachable",
        Stage.HOST,
        "No connection to sshd comes about, or the one that was there is lost.",
        "ssh's own words, by which the causes are told apart.",
        "Log in by hand with the command in the hint.",
        unreachable=True,
        causes=(
            Cause(
                "refused",
                "``Connection refused``",
                "Is sshd running, is the port (``ansible_port``) right?",
                Retry.QUICK,
            ),
            Cause(
                "reset",
                "``Connection reset``, or closed after the banner",
                "Look at sshd's log there: ``journalctl -u ssh``.",
                Retry.QUICK,
            ),
            Cause(
                "timeout",
                "``timed out``, or ssh had to be stopped",
                "Is the host running, is the address right, does a firewall drop the port? The time is Ansible's "
                "``timeout``.",
            ),
            Cause(
                "network",
                "``No route to host``, ``Network is unreachable`` and the like",
                "Correct the address or the routes.",
            ),
            Cause(
                "dropped",
                "The connection is closed before sshd says a word (``MaxStartups``, a firewall)",
                "Raise ``MaxStartups`` there, lower Ansible's forks, or look for a firewall or fail2ban.",
                Retry.PATIENT,
            ),
            Cause(
                "proxy",
                "Closed ``by UNKNOWN port``: a ProxyCommand or a jump host failed",
                "Run the ProxyCommand by hand, or log in to the jump host first.",
                Retry.QUICK,
            ),
            Cause(
                "negotiation",
                "``Unable to negotiate``: client and server share no algorithm",
                "Set an algorithm for this host in ``~/.ssh/config``.",
            ),
            Cause(
                "lost",
                "The connection was there and is gone",
                "The next task connects anew. If it happens again, look at the network and at sshd's log.",
            ),
            Cause("other", "Any other words of ssh", "Log in by hand with the command in the hint."),
        ),
    ),
    ErrorClass(
        "name",
        Stage.HOST,
        "The address can't be resolved.",
        "``Could not resolve hostname``",
        "Correct ``ansible_host``, or make the name known to the controller.",
        unreachable=True,
    ),
    ErrorClass(
        "host_key",
        Stage.HOST,
        "The host's key is not accepted.",
        "ssh's own words, by which the causes are told apart.",
        "Compare the key before you trust it.",
        unreachable=True,
        causes=(
            Cause(
                "unknown",
                "``Host key verification failed``, and nothing is known of the host",
                "Compare the key with ``ssh-keyscan`` and write it down, or leave ``host_key_checking`` unset.",
            ),
            Cause(
                "changed",
                "``REMOTE HOST IDENTIFICATION HAS CHANGED``",
                "If the host was set up anew, forget the old key with the ``ssh-keygen -R`` in the hint. Only with "
                "``host_key_checking=False`` is it accepted, and then without a password.",
            ),
            Cause(
                "revoked",
                "``REVOKED HOST KEY``",
                "Somebody marked this key as no longer to be trusted: give the host a new one.",
            ),
        ),
    ),
    ErrorClass(
        "authentication",
        Stage.HOST,
        "sshd does not let us log in.",
        "``Permission denied`` or ``Too many authentication failures``; then a look at the controller's key and agent.",
        "Give the user there a key that the controller has.",
        unreachable=True,
        causes=(
            Cause(
                "key_missing",
                "The key file is not there",
                "Correct ``ansible_ssh_private_key_file``.",
            ),
            Cause(
                "key_permissions",
                "The key file is open to others, and ssh ignores such a key",
                "``chmod 600`` the key file.",
            ),
            Cause(
                "key_unreadable",
                "The key file is another user's, and ssh may not read it",
                "``chown`` the key file to the user who runs Ansible, or run as the user that owns it.",
            ),
            Cause(
                "key_encrypted",
                "The key is encrypted and no agent has it",
                "``ssh-add`` the key.",
            ),
            Cause(
                "key_invalid",
                "The key file holds no key",
                "Name a private key in ``ansible_ssh_private_key_file``.",
            ),
            Cause(
                "agent_gone",
                "No agent answers on ``SSH_AUTH_SOCK``, and no key is named",
                "Start an agent and ``ssh-add`` the key, or name a key.",
            ),
            Cause(
                "agent_without_key",
                "The agent holds no key, or not the one whose public part is named",
                "``ssh-add`` the key.",
            ),
            Cause(
                "too_many",
                "``Too many authentication failures``: the agent offers more keys than ``MaxAuthTries`` lets pass",
                "Name the key, with ``-o IdentitiesOnly=yes`` in ``ansible_ssh_common_args``.",
            ),
            Cause(
                "key_text",
                "``Load key``: ssh can't read the key that was given as text",
                "Give the whole text of a private key in ``ansible_private_key``.",
            ),
            Cause(
                "no_prompt",
                "A password was given, and no login came about in a minute: sshd asked for something else",
                "Correct ``ansible_sshpass_prompt``; a second factor can't be typed.",
            ),
            Cause(
                "password",
                "A password was given (``ansible_password``)",
                "Correct it, or allow passwords in ``sshd_config`` there.",
            ),
            Cause(
                "denied",
                "The keys were offered, and sshd accepts none of them",
                "Put the key into the user's ``authorized_keys``, or name another user or key.",
            ),
        ),
    ),
    ErrorClass(
        "jump_prohibited",
        Stage.HOST,
        "A jump host lets no connection through to the next host.",
        "``open failed: administratively prohibited`` from the jump host",
        "Look there for ``AllowTcpForwarding``, ``PermitOpen`` or ``DisableForwarding`` in ``sshd_config``, and for "
        "``restrict``, ``no-port-forwarding`` or ``permitopen`` in ``authorized_keys``.",
        unreachable=True,
    ),
    ErrorClass(
        "penalised",
        Stage.HOST,
        "sshd (9.8 or newer) turns this controller's address away for a while, after failed logins or too many "
        "connections.",
        "``Not allowed at this time`` instead of a banner",
        "Wait a minute, or set ``PerSourcePenaltyExemptList`` or ``MaxStartups`` there.",
        unreachable=True,
        retry=Retry.PATIENT,
    ),
    ErrorClass(
        "too_late",
        Stage.HOST,
        "A task that reads many hosts had a time for all of them together, and this host had not answered by then.",
        "The clock of the controller (``timeout_all``).",
        "Give it more seconds, or read more hosts at once.",
    ),
)

_SOCKET = (
    ErrorClass(
        "sessions",
        Stage.SOCKET,
        "sshd opens no further session on the connection, and the way to the engine needs one.",
        "``Session open refused by peer`` (``MaxSessions``)",
        "Raise ``MaxSessions`` there, lower Ansible's forks, or use a way that needs no session.",
        retry=Retry.WAIT,
    ),
    ErrorClass(
        "sudo",
        Stage.SOCKET,
        "The way over ``become`` did not work: the password is wrong or missing, the user is not in sudoers, or there "
        "is no sudo.",
        "sudo's own words.",
        "Set ``ansible_become_password``, or allow the user the command that is named.",
    ),
    ErrorClass(
        "socket_missing",
        Stage.SOCKET,
        "There is no such socket on the host.",
        "The look over ssh finds nothing at that path.",
        "Start, unmask or install the engine, or say where its socket is with ``engine_socket``.",
    ),
    ErrorClass(
        "no_socket",
        Stage.SOCKET,
        "Something is at the socket's path, and it is no socket.",
        "The look over ssh finds a file, a directory, or a link that leads nowhere.",
        "Remove it and restart the engine's socket unit with the command in the hint, or correct ``engine_socket``.",
    ),
    ErrorClass(
        "socket_denied",
        Stage.SOCKET,
        "The socket is there, and this user may not open it.",
        "The socket's owner and mode, or a directory on the way that is closed to the user.",
        "Put the user into the socket's group, log in as root, or use ``become``.",
    ),
    ErrorClass(
        "engine_down",
        Stage.SOCKET,
        "The socket is there and open to the user, and no engine answers.",
        "Nothing listens on the socket, or it takes connections and closes them or does not answer.",
        "Restart (or unmask) the engine with the command in the hint.",
    ),
    ErrorClass(
        "forwarding_prohibited",
        Stage.SOCKET,
        "sshd lets no connection through to the socket, though it is there, listened to and open to the user.",
        "A connection through the forward is closed at once; as root, ``sshd -T`` tells the option: "
        "``AllowStreamLocalForwarding``, ``AllowTcpForwarding``, ``PermitOpen`` or ``DisableForwarding``. Else it may "
        "also be ``restrict``, ``no-port-forwarding`` or ``permitopen`` in ``authorized_keys``.",
        "Allow it there, and reload sshd.",
    ),
    ErrorClass(
        "socket_unknown",
        Stage.SOCKET,
        "The socket does not answer, and looking why was not possible (no shell, no session).",
        "The command that looks can't be run.",
        "Look there by hand with the command in the hint.",
    ),
)

_ENGINE = (
    ErrorClass(
        "no_answer",
        Stage.ENGINE,
        "The engine ended a request without an answer.",
        "The connection closes before the whole answer is there, to a request that only reads or that never left. "
        "Where the engine does not answer any more, the cause is looked for, and the error is one of the kinds above.",
        "Look at the engine's log there.",
        retry=Retry.ONCE,
    ),
    ErrorClass(
        "answer_lost",
        Stage.ENGINE,
        "A request that changes something was sent, and its answer was lost. It may have been done; it is never sent a "
        "second time.",
        "The connection closes after the request has left and before the whole answer is there. Also where the engine "
        "was restarted while a command of ``remote_container_exec`` ran: Podman then still tells how it ended, and "
        "not what it has written.",
        "Run the task again: it looks first, and does only what is not done. Before a command is run again, look "
        "whether it has done its work.",
    ),
    ErrorClass(
        "bad_answer",
        Stage.ENGINE,
        "The engine answered, and the answer can't be used.",
        "It is no HTTP, no JSON, compressed, larger than ``engine_answer_limit``, nested deeper than "
        "``engine_answer_depth``, or has a text where an object belongs. The message names the request and what came.",
        "Look at the engine's log; is it Podman or Docker that answers there? Raise the limit that is named, if the "
        "engine has so much to tell.",
    ),
    ErrorClass(
        "timeout",
        Stage.ENGINE,
        "The engine did not answer a request in time.",
        "Not all of the answer had come after ``engine_timeout`` seconds; of a stream, nothing for so long.",
        "Raise ``engine_timeout`` if the engine is slow or the work is long; else look at the engine.",
    ),
    ErrorClass(
        "unknown_engine",
        Stage.ENGINE,
        "What answers on the socket is neither Podman nor Docker.",
        "The components that ``/version`` names, or answers that are not those of an engine's API.",
        "Point ``engine_socket`` at the socket of Podman or Docker.",
    ),
    ErrorClass(
        "engine_mismatch",
        Stage.ENGINE,
        "Another engine than the one in ``engine`` serves the socket.",
        "What ``/version`` says.",
        "Set ``engine`` to what is there or to ``auto``, or name the other engine's socket in ``engine_socket``.",
    ),
    ErrorClass(
        "unsupported",
        Stage.ENGINE,
        "The engine is too old for a request.",
        "Status 404 without an object's name: there is no such request.",
        "Use a newer engine, or do without the option.",
    ),
    ErrorClass(
        "no_quadlets",
        Stage.ENGINE,
        "The host has no quadlets for the engine of a task of ``remote_quadlet``.",
        "Podman is older than 4.4, its generator or systemd is not there, or commands run there as another user than "
        "the engine's.",
        "Use a newer Podman, become the engine's user, or let that user's systemd run (``loginctl enable-linger``).",
    ),
    ErrorClass(
        "unit_failed",
        Stage.ENGINE,
        "The unit of a quadlet does not start or stop, or has failed right after.",
        "``systemctl`` says so; the message has the end of the unit's log.",
        "Look at the log: an image that can't be pulled, a port that is taken, a program that ends. The files stay as "
        "they are, and the task can be run again.",
    ),
    ErrorClass(
        "no_auto_update",
        Stage.ENGINE,
        "Podman's command for updates (``remote_auto_update``) can't be run on the host for the engine of the task.",
        "Commands run there as another user than the engine's, or there is no ``podman``.",
        "Become the engine's user, or install Podman's command.",
    ),
    ErrorClass(
        "update_failed",
        Stage.ENGINE,
        "``remote_auto_update`` left containers behind: their image could not be looked at or pulled, or their unit "
        "did not start with the new one, so that the old one is back.",
        "What Podman says of each; the message names container and unit. ``containers`` has all of them.",
        "Mend what is named, and run the task again. The others were updated.",
    ),
    ErrorClass(
        "container_missing",
        Stage.ENGINE,
        "There is no such container.",
        "The engine's words, ``no such container`` and the like.",
        "Correct the name, or create it first.",
    ),
    ErrorClass(
        "container_stopped",
        Stage.ENGINE,
        "The container does not run, or is paused, and what is asked for needs one that runs.",
        "Its state, looked at beforehand.",
        "Start or resume it with ``remote_container``.",
    ),
    ErrorClass(
        "no_shell",
        Stage.ENGINE,
        "The connection plugin ``container`` finds no shell in the container, and Ansible runs everything through one.",
        "The engine's words on a program that it could not start, ``executable file not found`` and the like.",
        "Work on it from outside (``remote_container_exec``, ``remote_container_copy``), or name a shell that it has "
        "in ``ansible_shell_executable``.",
    ),
    ErrorClass(
        "container_answer",
        Stage.ENGINE,
        "What a container answers can't be used: it names a place outside of what is copied, is too long, or does not "
        "come to an end.",
        "Every name is looked at before anything is written. A command of ours in a container may keep silent for "
        "``engine_timeout`` and take ten times as long in all; then it is ended. Of a command over the connection "
        "plugin, 256 MiB of output are taken.",
        "Look into the container: its shell, ``find``, ``stat`` or ``sha256sum`` is not what it should be. Where it is "
        "only slow, raise ``engine_timeout``.",
    ),
    ErrorClass(
        "image_missing",
        Stage.ENGINE,
        "The host has no such image.",
        "``no such image``",
        "Correct the reference, or let it be pulled.",
    ),
    ErrorClass(
        "registry_denied",
        Stage.ENGINE,
        "A registry does not let the engine pull or push, or does not take the user and the password.",
        "``unauthorized``, ``authentication required``, ``no basic auth credentials``",
        "Correct the user and the password, give them in the task, or log in with ``remote_login``; a wrong name is "
        "denied too.",
    ),
    ErrorClass(
        "network_missing",
        Stage.ENGINE,
        "There is no such network.",
        "``network … not found`` and the like",
        "Correct the name, or create it first.",
    ),
    ErrorClass(
        "volume_missing",
        Stage.ENGINE,
        "There is no such volume.",
        "``no such volume``",
        "Correct the name, or create it first.",
    ),
    ErrorClass(
        "pod_missing",
        Stage.ENGINE,
        "There is no such pod.",
        "``no such pod``",
        "Correct the name, or create it first.",
    ),
    ErrorClass(
        "secret_missing",
        Stage.ENGINE,
        "There is no such secret.",
        "``no such secret``",
        "Create it first, with remote_secret: a container can't start without what it reads from it.",
    ),
    ErrorClass(
        "name_in_use",
        Stage.ENGINE,
        "Another object has this name.",
        "``name … is already in use`` and the like",
        "Choose another name, or remove what has it.",
    ),
    ErrorClass(
        "busy",
        Stage.ENGINE,
        "Another run changes the same container, network, image or volume, and did not end within 15 minutes; or this "
        "one was stopped for so long that another may have taken over.",
        "The controller's lock, or a mark on the host: a volume ``sshfleet-mark-…`` that its owner keeps renewing.",
        "Run the task again when the other run, which the message names, has ended.",
    ),
    ErrorClass(
        "port_in_use",
        Stage.ENGINE,
        "Something on the host listens on the published port already.",
        "``address already in use``, ``port is already allocated``",
        "Publish another port, or find out with ``ss -lntup`` what it is.",
    ),
    ErrorClass(
        "dependents",
        Stage.ENGINE,
        "Other containers use this one's network or volumes.",
        "``has dependent containers``",
        "Remove those first.",
    ),
    ErrorClass(
        "in_pod",
        Stage.ENGINE,
        "A task would recreate a container that is in a pod of Podman's, and the new one would be in none.",
        "The message names the pod; nothing was changed.",
        "Name the pod in the task (``pod``), or remove the container first where it shall not be in the pod any more.",
    ),
    ErrorClass(
        "disk_full",
        Stage.ENGINE,
        "The host has no room left for what the engine has to write.",
        "``no space left on device``",
        "Look where with ``df -h`` there, and make room: ``podman system prune`` or ``docker system prune``.",
    ),
    ErrorClass(
        "container_ended",
        Stage.ENGINE,
        "The container ended: a new one right after its start (the old one is back), or one that is waited for.",
        "It does not run, or its restart policy had to start it again.",
        "Look at the end of its log in the message.",
    ),
    ErrorClass(
        "not_in_time",
        Stage.ENGINE,
        "The container runs, but did not come to what is waited for (``state: healthy``, ``wait_for``).",
        "The timeout has passed; the message names what is missing.",
        "Look at the end of its log in the message, or raise ``healthy_wait_timeout`` or ``wait_for.timeout``.",
    ),
    ErrorClass(
        "engine_error",
        Stage.ENGINE,
        "The engine refused for another reason.",
        "Its own words, and the HTTP status in ``error.status``.",
        "What the engine says; the hint where one is known.",
    ),
)

CLASSES: tuple[ErrorClass, ...] = (*_OPTIONS, *_HOST, *_SOCKET, *_ENGINE)
BY_KIND: dict[str, ErrorClass] = {one.kind: one for one in CLASSES}


def causes_tried_again(retry: Retry) -> frozenset[str]:
    """The causes (a kind without causes is its own) of failed connections that are tried again in this way."""
    single = {one.kind for one in _HOST if one.retry is retry}
    return frozenset(single | {cause.name for one in _HOST for cause in one.causes if cause.retry is retry})
