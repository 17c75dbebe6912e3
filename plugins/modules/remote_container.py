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
  - sshfleet.containers.container_image
  - sshfleet.containers.container_life
  - sshfleet.containers.container_limits
  - sshfleet.containers.container_names
  - sshfleet.containers.container_podman
  - sshfleet.containers.container_process
  - sshfleet.containers.container_storage
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.peer_connection
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
      - An existing one is also found by its ID, the whole of it.
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
  labels:
    description:
      - Labels of the container, beside those of its image. Values must be strings.
      - Containers that this module creates also carry C(sshfleet.containers.created). It is never compared.
    type: dict
  published_ports:
    description:
      - Ports of the container that are published on the host, as V(8080:80), V(127.0.0.1:8080:80), or V(80) for a host
        port that the engine chooses. V(/udp) or V(/sctp) behind it names another protocol than TCP.
      - Put them in quotes. Without them YAML reads C(2222:22) as the number 133342, and C(22:22) as the port 1342.
      - Two ranges of the same length, such as V(8000-8010:9000-9010), are published one by one.
      - One port with a range of host ports, such as V(8000-8010:80), takes a free one of the range. Podman cannot do
        this, and such a task is refused there.
      - V(auto:80) takes a free port of O(auto_ports_range), and V(auto(8000-8010):80) one of the range it names, on
        every engine. A range of container ports such as V(auto:80-82) gets a port for each. The container keeps its
        port from then on, also when it is recreated, as long as it is in the range. RV(container.ports) tells which one
        it is.
      - Not free is what any container of the engine is configured with, whether it runs or not, and what something else
        on the host listens on, such as a program, or a running container of another engine. Where the login user can
        run no command, the latter is not seen, and the result has a warning.
      - Tasks that run at the same time get different ports. On one controller they choose one after the other; where
        somebody else was faster and the new container does not start for that, another port is chosen, up to 5 times.
      - In check mode, RV(actions) and the diff name the port that would be chosen.
      - An IPv6 address is put in brackets. O(default_host_ip) is for all entries without an address.
      - On Podman, it has no effect with O(network_mode=host) or O(network_mode=none).
      - On Docker, it has no effect with O(network_mode=none).
      - On Podman and Docker, it is refused with O(network_mode=container:NAME).
    type: list
    elements: str
    aliases:
      - ports
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
  - Two runs that change one container do so one after the other, and the second plans anew; after 15 minutes of waiting
    it fails. Runs of other controllers are told by a volume C(sshfleet-mark-…) of the host while the change lasts; it
    expires when its owner is gone. A task that changes nothing waits for nobody.
  - Every option is one of three things for an engine and its version. Most are reported, and compared with what the
    engine reports. Some are applied and never reported; then a label of the container keeps digests of what was asked
    for when it was created, and a container that was made in another way is not compared with them. What an engine
    cannot do is refused with its name and version. The options say where they are not of the first kind.
  - No digest is kept of values whose names look secret, as short ones could be found by trying. On Podman, another
    value of such an option of O(log_options) is therefore seen with O(recreate=true) only.
  - Values of less than 4 characters, IP addresses and words such as V(true) are masked under their secret-looking names
    only, because they are in many texts by chance; a value that is like a word is masked as a whole word.
  - A task with C(no_log) says nothing at C(-vvv), has no warnings, and its message of a failure names only the kind, as
    Ansible would show them. What is registered has the rest in RV(ignore:error).
seealso:
  - module: sshfleet.containers.remote_container_info
  - ref: ansible_collections.sshfleet.containers.docsite.coming_from
    description: All that differs from docker_container and podman_container.
"""

EXAMPLES = r"""
- name: A web server from the image busybox
  sshfleet.containers.remote_container:
    name: web
    image: docker.io/library/busybox:latest
    command: httpd -f -p 80
    published_ports:
      - 8080:80

- name: Another one, on a free port of the host
  sshfleet.containers.remote_container:
    name: web-2
    image: docker.io/library/busybox:latest
    command: httpd -f -p 80
    published_ports:
      - auto(8081-8099):80
      - 127.0.0.1:auto:443
  register: web_2

- name: Tell the port
  ansible.builtin.debug:
    msg: "It is at port {{ web_2.container.ports['80/tcp'][0].host_port }}."

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
    shm_size: 128M
    log_driver: journald

- name: Go on when it answers; if it does not, the container that was there before comes back
  sshfleet.containers.remote_container:
    name: web
    image: docker.io/library/busybox:latest
    command: httpd -f -p 80
    published_ports:
      - 8080:80
    wait_for:
      port: 80
      timeout: 30

- name: Stop it, unless it was made in another way
  sshfleet.containers.remote_container:
    name: web
    state: stopped
    adopt: false

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
  returned: with O(detach=false), when the container was started, and O(result_format=unified)
  type: str
container:
  description:
    - The container as it is now; in check mode, as it is before. Null when there is none.
    - The shape is the same for Podman and Docker. Times are in UTC and RFC 3339, and null for what never happened.
    - With O(result_format=engine), it is the engine's inspect instead, as C(docker inspect) shows it (C(Id), C(Name),
      C(Image), C(State), C(Config), C(HostConfig), C(NetworkSettings), C(Mounts) and so on), without secrets. It has
      C(Output) with O(detach=false), and nothing else where the container was removed again (O(cleanup)). It is left
      out with O(state=absent) and where a check mode finds no container. On Podman, its C(HostConfig.NetworkMode) names
      the network, as on Docker.
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
      description: The environment, with values of secret-looking names and passwords of URLs masked.
      type: dict
    labels:
      description: The labels, masked in the same way.
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
  description:
    - What was done, in this order; in check mode, what would be done.
    - C(published_ports) is there where a container is made and host ports were chosen for it.
    - With O(result_format=engine), in check mode only, and one for each request, such as C({"started"&#58; ID}).
  returned: success
  type: list
  elements: dict
  sample: [{"action": "recreate", "reason": "env differs"}]
diff:
  description:
    - Of what differs, before and after. Of lists and dictionaries only the parts that differ.
    - With O(result_format=engine), in diff mode always, with C(differences), a list of what the container has
      (C(container)) and what the task asks for (C(parameter)) by option.
  returned: when something differs and diff mode is on
  type: dict
  sample: {"before": {"memory": 67108864}, "after": {"memory": 134217728}}
engine:
  description: The engine that was asked. Left out with O(result_format=engine).
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
