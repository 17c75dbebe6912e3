#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_container
short_description: Manage a container on a remote host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Creates, changes, starts, stops, pauses and removes one container of a remote Podman or Docker host.
  - What a task says is compared with what the engine reports. Only what differs is changed, while the container runs
    where the engine can do that, otherwise by recreating it.
  - Options have the names, types and defaults of M(community.docker.docker_container), on both engines.
extends_documentation_fragment:
  - sshfleet.containers.container_behaviour
  - sshfleet.containers.container_limits
  - sshfleet.containers.container_names
  - sshfleet.containers.container_process
  - sshfleet.containers.container_storage
  - sshfleet.containers.connection
  - sshfleet.containers.attributes
attributes:
  check_mode:
    support: partial
    details:
      - Whether a pull would bring another image cannot be known without pulling. See O(pull_check_mode_behavior).
  diff_mode:
    support: full
options:
  name:
    description:
      - Name of the container.
      - An existing one is also found by its ID, or by the first 12 or more digits of it.
      - A container of this name that was made in another way is taken over, unless O(adopt) says otherwise; it is not
        recreated for that.
    type: str
    required: true
  state:
    description:
      - V(present) - there is such a container. One that has to be recreated and was running runs afterwards.
      - V(started) - it is V(present), and it runs. A paused container counts as running.
      - V(healthy) - it is V(started), and its health check says so; see O(healthy_wait_timeout). Without a health check
        it is V(started). A new container that does not become healthy in time gives way to the old one.
      - V(stopped) - it is V(present), and it does not run.
      - V(restarted) - it is V(present), and it is started, or restarted if it runs. This always changes something.
      - V(paused) - it is V(started), and its processes are frozen.
      - V(unpaused) - it is V(started), and its processes are not frozen.
      - V(absent) - there is no such container. It is stopped before it is removed.
      - A container that ends right after its start is not a failure, as it may have done its work. The result has a
        warning with its exit code and the end of its log, and RV(container.status) tells the state. The next run
        starts it again.
    type: str
    choices:
      - absent
      - present
      - stopped
      - started
      - healthy
      - restarted
      - paused
      - unpaused
    default: started
  image:
    description:
      - The image to create the container from, as a reference or an ID. Without a tag, V(latest) is meant.
      - Needed to create a container. Without it, an existing one is recreated from the image that it has.
      - When the reference now names another image than the one that the container was made from, the container is
        recreated. Compare it with V(ignore) in O(comparisons) to prevent this.
    type: str
  command:
    description:
      - The command that the container runs, as a string or a list. A string is split as a shell would split it, and no
        shell is started.
      - An empty one means the image's command.
    type: raw
  entrypoint:
    description:
      - The program that is started with the command, instead of the image's.
    type: list
    elements: str
  env:
    description:
      - Environment variables of the container, beside those of its image.
      - Values must be strings. Put numbers and booleans in quotes; V(1.10) would otherwise arrive as V(1.1).
      - The values of variables whose names look secret are compared, and never shown. This goes by whole words of the
        name, such as C(PASSWORD), C(TOKEN), C(SECRET) or C(KEY), but not C(PUBLIC_KEY).
    type: dict
  labels:
    description:
      - Labels of the container, beside those of its image. Values must be strings.
      - Containers that this module creates also carry C(sshfleet.containers.created). It is never compared.
    type: dict
  published_ports:
    description:
      - Ports of the container that are published on the host, as V(8080:80), V(127.0.0.1:8080:80), or V(80) for a host
        port that the engine chooses. V(/udp) or V(/sctp) behind it names another protocol than TCP.
      - Two ranges of the same length, such as V(8000-8010:9000-9010), are published one by one.
      - One port with a range of host ports, such as V(8000-8010:80), takes a free one of the range. Podman cannot do
        this, and such a task is refused there.
      - An IPv6 address is put in brackets. O(default_host_ip) is for all entries without an address.
    type: list
    elements: str
    aliases:
      - ports
  volumes:
    description:
      - What is mounted into the container, as V(/path/on/host:/path/inside), V(volume:/path/inside), or
        V(/path/inside) for an anonymous volume.
      - Modes stand behind a third colon, such as V(ro) or V(rw,rslave). V(z), V(Z), V(nocopy), V(cached),
        V(delegated) and V(consistent) are applied at creation and not compared.
    type: list
    elements: str
  tmpfs:
    description:
      - Temporary file systems in the container, as V(/path) or V(/path:size=64m,mode=1777).
    type: list
    elements: str
  networks:
    description:
      - Networks that the container is in. They have to exist.
      - A running container is connected to a network, and disconnected, without being recreated. This is a difference
        from M(community.docker.docker_container), which recreates it when the first network of the list is another.
      - A new container is only in these networks, unless O(network_mode) names another.
      - Compare them with V(strict) in O(comparisons) to take a container off all networks that are not in the list.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the network.
        type: str
        required: true
      ipv4_address:
        description: The container's IPv4 address in the network. Podman reports it only while the container runs.
        type: str
      ipv6_address:
        description: The container's IPv6 address in the network. Podman reports it only while the container runs.
        type: str
      links:
        description:
          - Containers that are linked to in the network, as V(name:alias).
          - Podman does not support it.
        type: list
        elements: str
      aliases:
        description: Names by which others in the network find the container.
        type: list
        elements: str
      mac_address:
        description:
          - The container's MAC address in the network. Podman reports it only while the container runs.
          - Docker before 25.0 does not support it.
        type: str
      driver_opts:
        description:
          - Options for the network's driver.
          - Podman does not support it.
        type: dict
      gw_priority:
        description:
          - Of the networks of a container, the one with the highest number has its default gateway.
          - Podman does not support it.
          - Docker before 28.0 does not support it.
        type: int
  network_mode:
    description:
      - V(bridge), V(host), V(none), V(container:NAME) or the name of a network.
      - Without it, the first of O(networks) is used for a new container, or the engine's default network.
    type: str
  restart_policy:
    description:
      - When the engine starts the container again. Put V(no) in quotes.
    type: str
    choices:
      - 'no'
      - on-failure
      - always
      - unless-stopped
  restart_retries:
    description:
      - How often a container with O(restart_policy=on-failure) is started again.
    type: int
  user:
    description:
      - The user, and optionally the group, that the command runs as. As C(user), C(user:group), C(uid) or C(uid:gid).
    type: str
  working_dir:
    description:
      - The directory that the command starts in.
    type: str
  hostname:
    description:
      - The container's host name.
    type: str
  memory:
    description:
      - The most memory that the container may use, as a number of bytes, or with a unit such as V(512M) or V(2G).
      - V(0) means no limit.
      - Without O(memory_swap), the swap limit is set to twice this size, as the engines do by themselves.
    type: str
  cpus:
    description:
      - How many CPUs the container may use, such as V(1.5). V(0) means no limit.
    type: float
  privileged:
    description:
      - Whether the container has all rights on the host.
    type: bool
  capabilities:
    description:
      - Capabilities that are added to the engine's default set, with or without C(CAP_).
      - What matters on Podman is whether the container has them, as Podman does not report which were added.
    type: list
    elements: str
  cap_drop:
    description:
      - Capabilities that are taken away from the engine's default set, or V(ALL).
    type: list
    elements: str
  read_only:
    description:
      - Whether the container's root file system is read-only.
    type: bool
  stop_timeout:
    description:
      - Seconds between asking the container to stop and killing it. Also set when the container is created.
      - By default not compared; see O(comparisons).
    type: int
  recreate:
    description:
      - Recreate the container even if nothing differs.
    type: bool
    default: false
  restart:
    description:
      - With O(state=started), restart a container that runs and is not recreated.
    type: bool
    default: false
  pull:
    description:
      - V(never) - the image has to be on the host.
      - V(missing), or V(false) - the image is pulled when it is not on the host.
      - V(always), or V(true) - the image is pulled at every run, and the container is recreated if another one came.
      - An image that is named by its ID is never pulled.
    type: raw
    choices:
      - never
      - missing
      - always
      - true
      - false
    default: missing
  pull_check_mode_behavior:
    description:
      - What O(pull=always) means in check mode.
      - V(image_not_present) - a change is reported only when the image is not on the host.
      - V(always) - a change is reported always.
    type: str
    choices:
      - image_not_present
      - always
    default: image_not_present
  image_comparison:
    description:
      - Whose defaults O(env), O(labels), O(volumes), O(command), O(user) and O(working_dir) are merged with before they
        are compared.
      - V(desired-image) - those of O(image).
      - V(current-image) - those of the image that the container was made from.
    type: str
    choices:
      - desired-image
      - current-image
    default: desired-image
  adopt:
    description:
      - Whether a container of this name that this collection has not created (RV(container.created_by_us)) is taken
        over, which means compared, changed and removed like any other.
      - With V(false), such a task fails and changes nothing, with O(state=absent), too.
    type: bool
    default: true
  healthy_wait_timeout:
    description:
      - With O(state=healthy), the seconds within which the container has to become healthy. V(0) or less means no limit.
    type: float
    default: 300
  wait_for:
    description:
      - What the container has to come to before the task ends. All that is given has to be true at the same time.
      - The task fails at once, with exit code and the end of the log, when the container ends and is not meant to.
      - Where the container is recreated, the old one comes back if the new one does not come to it.
      - Nothing is waited for in check mode, and waiting is no change.
    type: dict
    suboptions:
      state:
        description: Whether it has to run, or to have ended. V(exited) where O(wait_for.exit_code) is given, else V(running).
        type: str
        choices: [running, exited]
      exit_code:
        description: The exit codes with which it may end. Without them, any will do.
        type: list
        elements: int
      port:
        description:
          - A TCP port on which something has to listen.
          - This is read from C(/proc) of the host, so neither the container nor the host needs a tool for it. No
            connection is made.
        type: int
      port_on:
        description:
          - V(container) - O(wait_for.port) is a port inside the container.
          - V(host) - it is a port of the host. Of a published port, the container has to listen behind it, too.
        type: str
        choices: [container, host]
        default: container
      log:
        description:
          - A regular expression, as of Python, that has to match a line of what the container has written since its
            last start.
        type: str
      timeout:
        description: Seconds after which the task fails. V(0) means no limit.
        type: float
        default: 60
  image_name_mismatch:
    description:
      - What to do with a container that was made from the same image under another name.
      - Names of the same meaning, such as V(app) and V(app:latest), are the same name.
    type: str
    choices:
      - recreate
      - ignore
    default: recreate
  keep_volumes:
    description:
      - Whether the anonymous volumes of a container that is removed or recreated are kept. Named volumes always are.
    type: bool
    default: true
  comparisons:
    description:
      - How options are compared with the container, by the option's name or alias. V(*) stands for all others, and can
        be V(strict) or V(ignore).
      - V(strict) - the container must be exactly as the option says. What its image or its engine has added by itself
        does not count.
      - V(allow_more_present) - the container may have more, such as more labels. There is no such
        comparison for options that are one value.
      - V(ignore) - the option is used when the container is created, and not compared.
      - By default dictionaries, O(published_ports), O(volumes), O(tmpfs), O(networks), O(capabilities) and O(cap_drop)
        are compared with V(allow_more_present), O(stop_timeout) is ignored, and the rest is strict.
      - Options that a task does not give are not compared. The exception is V(strict) for O(networks),
        which without a list takes the container off all networks.
    type: dict
notes:
  - A container is recreated with the options of the task only, and its image if O(image) is not given. So always give
    all options of a container.
  - "When a container is recreated, the old one is renamed to C(NAME.sshfleet-old-…), its restart policy is set to V(no)
    where the engine can, the new one is created, and only then the old one is stopped. It is kept until the new one
    runs, and has come to what O(state=healthy) and O(wait_for) ask for. If the new one cannot be created or started, or
    ends with an error at once, or does not come to it, the old one comes back under its name, with its restart policy,
    and runs again, and the task fails. A container with automatic removal cannot be kept; the result then has a warning."
  - "If a run is cut in the middle of that, whatever the reason, the next run brings the old container back or removes
    it, as RV(actions) tells, C(restore), C(finish) or C(remove_leftover), and check mode, too. So does O(state=absent)."
  - "A container that others use (O(network_mode), O(ipc_mode), O(pid_mode), O(volumes_from)) is not recreated, and on
    Podman not removed: the task fails with their names before anything is changed."
  - "Changed without recreating: O(networks) on every engine; O(restart_policy), O(restart_retries), O(memory) and
    O(cpus), O(cpu_period), O(cpu_quota), O(cpu_shares), O(cpuset_cpus), O(cpuset_mems), O(memory_reservation),
    O(memory_swap) and O(pids_limit) on Docker, and on running containers of Podman 5.4 and newer; O(blkio_weight) and
    O(kernel_memory) on Docker. A limit that is taken away needs recreating. If an update turns out not to have taken, the
    container is recreated."
  - Every option is one of three things for an engine and its version. Most are reported, and compared with what the
    engine reports. Some are applied and never reported; then a label of the container keeps digests of what was asked
    for when it was created, and a container that was made in another way is not compared with them. What an engine
    cannot do is refused with its name and version. The options say where they are not of the first kind.
seealso:
  - module: sshfleet.containers.remote_container_info
"""

EXAMPLES = r"""
- name: A web server from the image busybox
  sshfleet.containers.remote_container:
    name: web
    image: docker.io/library/busybox:latest
    command: httpd -f -p 80
    published_ports:
      - 8080:80

- name: A database with a named volume, a memory limit, and a secret that is never shown
  sshfleet.containers.remote_container:
    name: db
    image: docker.io/library/postgres:17
    env:
      POSTGRES_PASSWORD: "{{ vault_db_password }}"
    volumes:
      - db-data:/var/lib/postgresql/data
    networks:
      - name: backend
        aliases:
          - database
    memory: 1G
    restart_policy: unless-stopped

- name: Exactly these variables and labels, whatever the image's tag names now
  sshfleet.containers.remote_container:
    name: worker
    image: registry.example.com/worker:stable
    env:
      MODE: fast
    labels:
      team: shop
    comparisons:
      env: strict
      labels: strict
      image: ignore

- name: As few rights as possible
  sshfleet.containers.remote_container:
    name: tool
    image: localhost/tool:1
    user: "1000:1000"
    read_only: true
    cap_drop:
      - ALL
    tmpfs:
      - /tmp:size=64m,mode=1777

- name: Run a job to its end, and fail if it fails
  sshfleet.containers.remote_container:
    name: migrate
    image: registry.example.com/shop:stable
    command: shop migrate
    env_file: shop.env
    detach: false
    cleanup: true

- name: A service with a health check and limits
  sshfleet.containers.remote_container:
    name: api
    image: registry.example.com/api:stable
    healthcheck:
      test: wget -q -O /dev/null http://localhost:8080/health
      interval: 10s
      retries: 3
    memory: 512M
    pids_limit: 200
    ulimits:
      - nofile:4096:8192
    log_driver: journald

- name: Stop it
  sshfleet.containers.remote_container:
    name: web
    state: stopped

- name: Remove it with its anonymous volumes
  sshfleet.containers.remote_container:
    name: web
    state: absent
    keep_volumes: false
"""

RETURN = r"""
status:
  description: The exit code of the container's command. Null when the engine has removed the container by then.
  returned: with O(detach=false), when the container was started
  type: int
output:
  description: What the container's command wrote to its standard output and error, at most 100,000 lines.
  returned: with O(detach=false), when the container was started
  type: str
container:
  description:
    - The container as it is now; in check mode, as it is before. Null when there is none.
    - The shape is the same for Podman and Docker. Times are in UTC and RFC 3339, and null for what never happened.
  returned: success
  type: dict
  contains:
    id:
      description: ID of the container.
      type: str
    name:
      description: Name of the container.
      type: str
    image:
      description: The reference that the container was created from.
      type: str
    image_id:
      description: ID of the image that the container was created from.
      type: str
    command:
      description: The command.
      type: list
      elements: str
    entrypoint:
      description: The entrypoint.
      type: list
      elements: str
    env:
      description: The environment, with values of secret-looking names masked.
      type: dict
    labels:
      description: The labels.
      type: dict
    user:
      description: The user, empty for the image's default.
      type: str
    working_dir:
      description: The working directory.
      type: str
    hostname:
      description: The host name.
      type: str
    ports:
      description: By port and protocol, where it is published; an empty list for a port that is only exposed.
      type: dict
      sample: {"80/tcp": [{"host_ip": "0.0.0.0", "host_port": 8080}]}
    mounts:
      description: What is mounted, sorted by the path inside.
      type: list
      elements: dict
      sample: [{"type": "volume", "name": "data", "source": "/var/…/data", "destination": "/data", "read_only": false}]
    networks:
      description: By name, the networks with the container's addresses and aliases in them.
      type: dict
    network_mode:
      description: The network mode.
      type: str
    restart_policy:
      description: The restart policy.
      type: str
    restart_retries:
      description: How often the container is restarted on failure.
      type: int
    restart_count:
      description: How often the engine has restarted the container.
      type: int
    memory:
      description: The memory limit in bytes, 0 for none.
      type: int
    cpus:
      description: The CPU limit, 0 for none.
      type: float
    privileged:
      description: Whether the container is privileged.
      type: bool
    read_only:
      description: Whether the root file system is read-only.
      type: bool
    created_by_us:
      description: Whether this collection has created the container.
      type: bool
    status:
      description: The state, such as V(created), V(running), V(paused), V(restarting) or V(exited).
      type: str
    running:
      description: Whether the container runs; true for a paused one, too.
      type: bool
    paused:
      description: Whether the container is paused.
      type: bool
    restarting:
      description: Whether the engine is about to restart the container.
      type: bool
    oom_killed:
      description: Whether the container was killed because it used too much memory.
      type: bool
    exit_code:
      description: Exit code of the last run.
      type: int
    error:
      description: The engine's words about the last start that failed.
      type: str
    health:
      description: State of the health check, null when there is none.
      type: str
    pid:
      description: Process ID on the host, null when the container does not run.
      type: int
    created_at:
      description: When the container was created.
      type: str
    started_at:
      description: When the container was last started.
      type: str
    finished_at:
      description: When the container last ended.
      type: str
  sample:
    name: web
    image: docker.io/library/busybox:latest
    status: running
    running: true
    started_at: "2026-01-31T12:00:00.000000Z"
actions:
  description: What was done, in this order; in check mode, what would be done.
  returned: success
  type: list
  elements: dict
  sample: [{"action": "recreate", "reason": "env differs"}]
diff:
  description: Of what differs, before and after. Of lists and dictionaries only the parts that differ.
  returned: when something differs and diff mode is on
  type: dict
  sample: {"before": {"memory": 67108864}, "after": {"memory": 134217728}}
engine:
  description: The engine that was asked.
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
