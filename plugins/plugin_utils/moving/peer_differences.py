# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is different from the peers and no table of the code tells, as data for the page; texts are reStructuredText.

``tests/checks/test_coming_from.py`` holds that every option of podman_container is here and every name exists.
"""

from __future__ import annotations

# docker_container's options that go by the same name and do something else, or more.
DOCKER: dict[str, str] = {
    "auto_remove": (
        "Where such a container is recreated, there is no old one to come back, as the engine removes it when it "
        "stops. The result has a warning."
    ),
    "blkio_weight": (
        "Where the host's kernel knows no such weights, a warning says so and it is not compared; docker_container "
        "changes it in every run."
    ),
    "comparisons": (
        "With ``strict``, what the image or the engine has added by itself does not count, such as Podman's own "
        "variables and mounts."
    ),
    "default_host_ip": (
        "On Docker ``0.0.0.0``, as in docker_container, which means all addresses of IPv4; where a network of the "
        "container, or the default one, has another ``host_binding_ipv4``, that is left to Docker. An empty text means "
        "IPv6, too. A container that is on all addresses already stays as it is. On Podman, it is all addresses."
    ),
    "detach": "With ``false``, the result has ``output``; docker_container gives ``container.Output``.",
    "env": (
        "Whole numbers are taken with a warning, where docker_container refuses them. Values of secret-looking names "
        "are masked in results and diffs, and wherever else they turn up."
    ),
    "env_file": "A file of the controller, where the module runs. docker_container reads one of the target.",
    "healthcheck": (
        "With ``state: healthy``, a container without a health check is only started. A new container that does not "
        "become healthy gives way to the old one. On Podman, settings without ``test`` are refused."
    ),
    "image": "A reference that no engine can know is refused before anything is touched.",
    "image_name_mismatch": "Names of the same meaning, such as ``app`` and ``app:latest``, are the same name.",
    "kill_signal": ("The task waits up to 10 seconds for the container to end, and fails if it does not."),
    "labels": (
        "Containers that are created here carry ``sshfleet.containers.created``, and on Podman sometimes "
        "``sshfleet.containers.applied``. Neither is ever compared."
    ),
    "log_options": "Refused without ``log_driver``. docker_container takes them without effect.",
    "networks": (
        "A container is connected and disconnected while it runs, also where the first network of the list is "
        "another; docker_container recreates it for that. A network that does not exist is found before anything is "
        "changed."
    ),
    "output_logs": "The output is shown at ``-vvv``; the result has it in any case.",
    "platform": (
        "An image of another platform on the host is refused, so pull the right one. With ``comparisons``, ``ignore``"
        " takes it."
    ),
    "published_ports": (
        "Two ranges of different lengths are refused; docker_container takes the shorter one. A host port of ``auto``"
        " or ``auto(2200-2299)`` takes a free one."
    ),
    "recreate": (
        "The old container is kept until the new one is proven, see below. With ``state: present``, what ran runs "
        "again; docker_container leaves it stopped."
    ),
    "restart_retries": "But for ``0``, refused with any other ``restart_policy`` than ``on-failure``.",
    "state": (
        "``restarted``, ``paused`` and ``unpaused`` are states, too. A container that ends right after its start "
        "leaves a warning with its exit code and the end of its log."
    ),
    "volumes": (
        "``/path:rw`` is an anonymous volume at ``/path``; docker_container mounts one at a directory of that whole "
        "name. A path of the host is the same in ``volumes`` and in ``mounts``."
    ),
}

# From docker inspect, as docker_container returns it under container, to the shape that is the same for both engines.
RETURNED: dict[str, str] = {
    "Id": "``id``",
    "Name": "``name``, without the slash",
    "Config.Image": "``image``",
    "Image": "``image_id``",
    "Config.Cmd": "``command``",
    "Config.Entrypoint": "``entrypoint``",
    "Config.Env": "``env``, a dictionary instead of a list; masked",
    "Config.Labels": "``labels``; masked",
    "Config.User": "``user``",
    "Config.WorkingDir": "``working_dir``",
    "Config.Hostname": "``hostname``",
    "State.Status": "``status``",
    "State.Running": "``running``",
    "State.Paused": "``paused``",
    "State.Restarting": "``restarting``",
    "State.OOMKilled": "``oom_killed``",
    "State.ExitCode": "``exit_code``",
    "State.Error": "``error``",
    "State.Pid": "``pid``, null instead of 0",
    "State.Health.Status": "``health``, null where there is no check",
    "Created": "``created_at``, as the two below in UTC with microseconds, and null instead of the year 1",
    "State.StartedAt": "``started_at``",
    "State.FinishedAt": "``finished_at``",
    "NetworkSettings.Ports": "``ports``, with ``host_ip`` and ``host_port``; also while the container does not run",
    "NetworkSettings.Networks": "``networks``, with ``ipv4_address``, ``mac_address`` and so on",
    "HostConfig.NetworkMode": "``network_mode``",
    "Mounts": "``mounts``",
    "HostConfig.RestartPolicy.Name": "``restart_policy``",
    "HostConfig.RestartPolicy.MaximumRetryCount": "``restart_retries``",
    "RestartCount": "``restart_count``",
    "HostConfig.Memory": "``memory``",
    "HostConfig.NanoCpus": "``cpus``, in CPUs",
    "HostConfig.Privileged": "``privileged``",
    "HostConfig.ReadonlyRootfs": "``read_only``",
    "Output": "``output`` of the result",
}

_REAL_TIME = (
    "For cgroup v1 only, and kernels with groups of real-time processes, which Debian's are not; with cgroup v2, "
    "Podman drops it. Give ``cpu_shares`` or ``cpus``."
)
_SUBORDINATE = "Podman's command line reads /etc/subuid, its API takes numbers: give ``uidmap`` and ``gidmap``."
_LOGIN = "A file of the host. ``remote_login`` logs in to a registry for the tasks that follow."
_REGISTRY = "How registries are spoken to is a setting of the host (registries.conf, certs.d)."
_QUADLET = "``remote_quadlet`` writes quadlets, also of the options of a container."
_LIST = "A list here."

# podman_container's options: ours ('' where there is none; option.suboption), and what is different or why.
PODMAN: dict[str, tuple[str, str]] = {
    "annotation": ("annotations", ""),
    "arch": ("platform", "Written as ``linux/ARCH``."),
    "attach": ("", "An option of the terminal that podman run stands in. ``detach: false`` gives the output."),
    "authfile": ("", _LOGIN),
    "blkio_weight": ("blkio_weight", ""),
    "blkio_weight_device": (
        "",
        "Today's kernels weigh devices with the scheduler BFQ only, and refuse it else: limit them, by "
        "``device_read_bps`` and the like.",
    ),
    "cap_add": ("capabilities", ""),
    "cap_drop": ("cap_drop", ""),
    "cert_dir": ("", _REGISTRY),
    "cgroup_conf": ("cgroup_conf", "Values must be texts or whole numbers. Refused where the host has cgroup v1."),
    "cgroup_parent": ("cgroup_parent", ""),
    "cgroupns": ("cgroupns_mode", ""),
    "cgroups": ("cgroups", ""),
    "chrootdirs": ("chrootdirs", _LIST),
    "cidfile": ("", "A file that Podman's command line writes. The result has ``container.id``."),
    "cmd_args": ("", "Podman's command line is not used: give each as an option, in its own words."),
    "command": ("command", "A text is split as a shell would; with a list nothing is."),
    "conmon_pidfile": (
        "",
        "For units of podman generate systemd. ``remote_quadlet`` makes units, and the result has "
        "``container.pid``.",
    ),
    "cpu_period": ("cpu_period", ""),
    "cpu_quota": ("cpu_quota", ""),
    "cpu_rt_period": ("", _REAL_TIME),
    "cpu_rt_runtime": ("", _REAL_TIME),
    "cpu_shares": ("cpu_shares", ""),
    "cpus": ("cpus", "A number."),
    "cpuset_cpus": ("cpuset_cpus", ""),
    "cpuset_mems": ("cpuset_mems", ""),
    "creds": ("", "``remote_login`` logs in to a registry for the tasks that follow."),
    "debug": ("", "The name is taken without effect, with a warning. There is ``-vvv``."),
    "decryption_key": (
        "",
        "Podman's API pulls no encrypted images. Pull it with podman on the host, and give ``pull: never``.",
    ),
    "delete_depend": ("", "A container that others use is not removed: the task fails with their names."),
    "delete_time": ("stop_timeout", ""),
    "delete_volumes": ("keep_volumes", "The opposite: ``keep_volumes: false`` removes them."),
    "detach": ("detach", "With ``false``, the result has ``status`` and ``output``."),
    "detach_keys": ("", "Nothing is attached to a terminal."),
    "device": ("devices", ""),
    "device_cgroup_rule": ("device_cgroup_rules", _LIST),
    "device_read_bps": ("device_read_bps", "A list of ``path`` and ``rate``."),
    "device_read_iops": ("device_read_iops", "A list of ``path`` and ``rate``."),
    "device_write_bps": ("device_write_bps", "A list of ``path`` and ``rate``."),
    "device_write_iops": ("device_write_iops", "A list of ``path`` and ``rate``."),
    "dns": ("dns_servers", ""),
    "dns_option": ("dns_opts", _LIST),
    "dns_search": ("dns_search_domains", ""),
    "entrypoint": ("entrypoint", _LIST),
    "env": ("env", "Values must be texts or whole numbers, and those of secret-looking names are masked."),
    "env_file": ("env_file", "One file, of the controller; its variables are compared."),
    "env_host": (
        "",
        "Through the API, it would be the environment of Podman's service. Give the variables in ``env``.",
    ),
    "env_merge": ("", "Podman 4.3 changes only variables that the image has. Give the whole value in ``env``."),
    "etc_hosts": ("etc_hosts", ""),
    "executable": ("", "Podman's command line is not used. ``engine_socket`` names another Podman."),
    "expose": ("exposed_ports", ""),
    "force_delete": ("", "A container that does not stop in time is killed and removed. ``force_kill`` kills at once."),
    "force_restart": ("restart", ""),
    "generate_systemd": ("", "``remote_quadlet`` makes a quadlet, of which systemd makes a unit."),
    "gidmap": ("gidmap", ""),
    "gpus": ("device_requests", "Of the driver ``cdi``."),
    "group_add": (
        "groups",
        "Instead of ``keep-groups``, which Podman's command line makes an annotation of, ``annotations: "
        "{run.oci.keep_original_groups: '1'}``.",
    ),
    "group_entry": ("group_entry", ""),
    "health_log_destination": ("health_log_destination", ""),
    "health_max_log_count": ("health_max_log_count", ""),
    "health_max_log_size": ("health_max_log_size", ""),
    "health_startup_cmd": ("startup_healthcheck.test", "``startup_healthcheck`` is a dictionary here."),
    "health_startup_interval": ("startup_healthcheck.interval", ""),
    "health_startup_retries": ("startup_healthcheck.retries", ""),
    "health_startup_success": ("startup_healthcheck.successes", ""),
    "health_startup_timeout": ("startup_healthcheck.timeout", ""),
    "healthcheck": ("healthcheck.test", "``healthcheck`` is a dictionary here."),
    "healthcheck_failure_action": ("healthcheck_failure_action", ""),
    "healthcheck_interval": ("healthcheck.interval", ""),
    "healthcheck_retries": ("healthcheck.retries", ""),
    "healthcheck_start_period": ("healthcheck.start_period", ""),
    "healthcheck_timeout": ("healthcheck.timeout", ""),
    "hooks_dir": (
        "",
        "A setting of Podman's service and of no container: ``hooks_dir`` in containers.conf on the host.",
    ),
    "hostname": ("hostname", ""),
    "hosts_file": ("hosts_file", "``none`` by default, as with any container that is made through the API."),
    "hostuser": ("hostusers", _LIST),
    "http_proxy": ("", "None of the controller's proxies is passed on. Give them in ``env``."),
    "image": ("image", ""),
    "image_strict": ("image_name_mismatch", "The whole name counts by default; ``ignore`` compares the image only."),
    "image_volume": ("image_volumes", "``bind`` is ``anonymous``."),
    "init": ("init", ""),
    "init_ctr": (
        "",
        "Podman tells of no container that it is one, and removes it after its run (``once``). Run it to its end "
        "in a task of its own (``detach: false``), before the pod's others.",
    ),
    "init_path": ("init_path", "Refused without ``init``."),
    "interactive": ("interactive", ""),
    "ip": ("networks.ipv4_address", ""),
    "ip6": ("networks.ipv6_address", ""),
    "ipc": ("ipc_mode", ""),
    "kernel_memory": ("kernel_memory", ""),
    "label": ("labels", ""),
    "label_file": ("", "A file that Podman's command line reads. Give them in ``labels``."),
    "link_local_ip": ("", "Podman has no such option: podman run refuses it."),
    "log_driver": ("log_driver", ""),
    "log_level": ("", "What the command line says of itself. Run Ansible with ``-vvv``."),
    "log_opt": ("log_options", "Keys as in ``podman run --log-opt``: ``max-size``. Needs ``log_driver``."),
    "mac_address": ("networks.mac_address", "Given for each network."),
    "memory": ("memory", "Sizes are compared by their meaning."),
    "memory_reservation": ("memory_reservation", ""),
    "memory_swap": ("memory_swap", ""),
    "memory_swappiness": ("memory_swappiness", ""),
    "mount": ("mounts", "A list of dictionaries: ``type``, ``source``, ``target`` and more."),
    "name": ("name", ""),
    "network": ("network_mode", "One text; ``networks`` is a list of dictionaries for networks by name."),
    "network_aliases": ("networks.aliases", "Given for each network."),
    "no_healthcheck": ("healthcheck.test", "``NONE``."),
    "no_hostname": ("no_hostname", ""),
    "no_hosts": ("no_hosts", ""),
    "oom_kill_disable": ("oom_killer", ""),
    "oom_score_adj": ("oom_score_adj", ""),
    "os": ("platform", "Written as ``OS/ARCH``."),
    "passwd": ("passwd", ""),
    "passwd_entry": ("passwd_entry", ""),
    "personality": ("personality", "``LINUX`` or ``LINUX32``, in capitals."),
    "pid": ("pid_mode", ""),
    "pid_file": ("", "Podman's API does not take it. The result has ``container.pid``."),
    "pids_limit": ("pids_limit", "A number."),
    "platform": ("platform", ""),
    "pod": ("pod", "``new:NAME`` is refused: ``remote_pod`` makes pods."),
    "pod_id_file": ("", "A file that Podman's command line reads. Give the pod's name in ``pod``."),
    "preserve_fd": ("", "Podman's API does not take it: there is no process here that has files open for it."),
    "preserve_fds": ("", "Podman's API does not take it: there is no process here that has files open for it."),
    "privileged": ("privileged", ""),
    "publish": ("published_ports", "A free host port is ``auto:80``, too."),
    "publish_all": ("publish_all_ports", ""),
    "pull": ("pull", "There is no ``newer``; ``always`` recreates only when another image came."),
    "quadlet_dir": ("", _QUADLET),
    "quadlet_file_mode": ("", _QUADLET),
    "quadlet_filename": ("", _QUADLET),
    "quadlet_options": ("", _QUADLET),
    "rdt_class": (
        "",
        "Needs a processor and a kernel with resctrl, on which nothing here was tried; Podman 4.3 drops it. Give "
        "it in a quadlet's ``sections``: ``{Container: {PodmanArgs: --rdt-class=NAME}}``.",
    ),
    "read_only": ("read_only", ""),
    "read_only_tmpfs": ("read_only_tmpfs", ""),
    "recreate": ("recreate", "The old container is kept until the new one is proven."),
    "requires": (
        "requires",
        "By name. Such a container is neither recreated nor removed under the one that requires it.",
    ),
    "restart_policy": ("restart_policy", "``on-failure:3`` is ``on-failure`` and ``restart_retries: 3``."),
    "restart_time": ("stop_timeout", ""),
    "retry": ("", "Ansible has ``retries`` and ``until``."),
    "retry_delay": ("", "Ansible has ``delay``."),
    "rm": ("auto_remove", ""),
    "rmi": ("", "The next run would pull the image again. ``remote_image`` removes it (``state: absent``)."),
    "rootfs": ("", "A container has an image here. Make one of the directory: ``tar -c . | podman import - NAME``."),
    "sdnotify": (
        "sdnotify",
        "The socket is that of Podman's service, if it has one; a unit of a container is ``remote_quadlet``'s.",
    ),
    "seccomp_policy": ("seccomp_policy", ""),
    "secrets": ("secrets", "Compared, by a label."),
    "security_opt": ("security_opts", ""),
    "shm_size": ("shm_size", ""),
    "shm_size_systemd": ("shm_size_systemd", ""),
    "sig_proxy": ("", "Nothing is attached to a terminal."),
    "state": (
        "state",
        "No ``quadlet``: ``remote_quadlet`` has the same options in ``container``. ``created`` is ``present``. With "
        "``stopped``, options are compared, too.",
    ),
    "stop_signal": ("stop_signal", "A name such as ``SIGINT``, or a number."),
    "stop_time": ("stop_timeout", ""),
    "stop_timeout": ("stop_timeout", "By default it is used and not compared."),
    "subgidname": ("", _SUBORDINATE),
    "subuidname": ("", _SUBORDINATE),
    "sysctl": ("sysctls", ""),
    "systemd": ("systemd", "``true``, ``false`` or ``always``, in quotes."),
    "timeout": (
        "run_timeout",
        "The name ``timeout`` is taken for docker_container's, which is about the engine's answers, with a warning.",
    ),
    "timezone": ("timezone", ""),
    "tls_verify": ("", "The name is taken without effect, with a warning. " + _REGISTRY),
    "tmpfs": ("tmpfs", "A list of ``PATH:OPTIONS``."),
    "tty": ("tty", ""),
    "uidmap": ("uidmap", ""),
    "ulimit": ("ulimits", "``nofile=1024:2048`` and ``nofile:1024:2048`` are the same."),
    "umask": ("umask", "In quotes."),
    "unsetenv": ("unsetenv", ""),
    "unsetenv_all": ("unsetenv_all", ""),
    "user": ("user", ""),
    "userns": ("userns_mode", ""),
    "uts": ("uts", ""),
    "variant": ("platform", "Written as ``linux/ARCH/VARIANT``."),
    "volume": ("volumes", ""),
    "volumes_from": ("volumes_from", ""),
    "workdir": ("working_dir", ""),
}  # fmt: skip
