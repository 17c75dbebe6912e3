# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The written parts of the page "Coming from …", where no table says it."""

from __future__ import annotations

HEAD = """\
.. Copyright (c) 2026, The sshfleet.containers contributors
.. GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
.. SPDX-License-Identifier: GPL-3.0-or-later

.. Made by scripts/coming_from_page.py from the code's tables, plugins/plugin_utils/moving/peer_differences.py and
   scripts/coming_from_texts.py: change these, and run the script.

.. _ansible_collections.sshfleet.containers.docsite.coming_from:

Coming from community.docker or containers.podman
=================================================

A task of ``community.docker.docker_container`` moves by changing one word:

.. code-block:: yaml

    - name: The shop
      sshfleet.containers.remote_container:   # was: community.docker.docker_container
        name: shop
        image: registry.example.com/shop:1.4
        env:
          DB_PASSWORD: "{{ vault_db_password }}"
        published_ports:
          - 8080:80
        restart_policy: unless-stopped

A task of ``containers.podman.podman_container`` moves with the same word and other names of some options: the table
below has them all. Names that podman_container has in common with docker_container, such as ``ports``, ``volumes`` and
``labels``, stay.

The containers that are there stay as they are: one that was made in another way is taken over under its name, and only
changed where the task asks for something else.
"""

HELPER = """\
A helper that reads your playbooks
----------------------------------

The playbook ``sshfleet.containers.moving`` reads a directory of playbooks and roles on the controller, and tells for
each task of both collections what becomes of it, with the lines as they would be. Here, ``path`` has one file,
``site.yml``:

.. code-block:: yaml

    - name: Shop
      hosts: shop
      tasks:
        - name: The network
          containers.podman.podman_network:
            name: front
            subnet: 10.1.0.0/24
        - name: The shop
          community.docker.docker_container:
            name: shop   # a comment
            image: registry.example.com/shop:1.4
            timeout: 120
        - name: The cache
          containers.podman.podman_container:
            name: cache
            image: docker.io/library/redis:7
            network: "{{ networks }}"
        - name: Beside it
          containers.podman.podman_container:
            name: sidecar
            image: docker.io/library/busybox
            rootfs: true

.. code-block:: console

    $ ansible-playbook sshfleet.containers.moving -e path=.
    site.yml:4: The network: podman_network → remote_network: other options
        line 7: subnet: 10.1.0.0/24 →
            ipam_config:
              - subnet: 10.1.0.0/24
    site.yml:8: The shop: docker_container → remote_container: other options
        line 12: timeout → engine_timeout: 120
    site.yml:13: The cache: podman_container → remote_container: depends on a template
        line 17: network: network_mode takes one text, networks a list of dictionaries; the template may be either.
    site.yml:18: Beside it: podman_container → remote_container: not possible
        line 22: rootfs: A container has an image here. Make one of the directory: tar -c . | podman import - NAME.

    4 tasks of community.docker and containers.podman in 1 file:
        0 by one word
        2 with other options
        0 by hand
        1 depend on a template
        1 are not possible
    Nothing was written. write=true moves 2 tasks and writes 1 file.

With ``-e write=true``, the tasks that move by one word or with other options are written, and nothing else: comments,
order, quotes and indentation stay as they are, byte by byte, and a second run writes nothing. ``--check --diff`` shows
it before, ``-e backup=true`` keeps a copy of each file. The tasks that stay go on working with the peers, on the same
hosts.

The report also says where results are read in the engine's own shape, which ``module_defaults`` and lists of
collections are about the peers, and which plays run on the controller, where there is no engine here. What only a run
can know, such as whether a user logs in as root, it does not. ``ansible-doc sshfleet.containers.moving`` has all
options, among them ``fail_on`` for CI, and the report as data.
"""

BEHAVIOUR = """\
What is different in any case
-----------------------------

Where tasks run
    On the controller. The target needs sshd and the engine's socket, and neither Python, nor the docker SDK, nor the
    engine's client. The controller needs an OpenSSH client and the Python package ``docker``. Relative paths of
    ``env_file`` are the controller's.
``hosts`` and ``delegate_to``
    The play's hosts are the container hosts. A play of ``hosts: localhost`` with ``docker_host: ssh://…`` becomes one
    of the hosts themselves; ``connection: local`` and ``delegate_to: localhost`` are refused, because there is no
    local engine here. ``delegate_to: other`` manages the containers of ``other``, with its connection settings.
``become``
    Is needed only where the engine's socket is closed to the user who logs in; then ``become: true`` reaches it
    through ``sudo``. On Podman, the socket is root's, and so are the containers; ``engine_socket`` names another one.
Which engine
    The same task works on both. Where a host has both, Podman's is taken; ``engine`` chooses. Names of images without
    a registry mean what the engine makes of them.
Check mode
    Is the plan of a run: what ``--check`` says is what a run then does. One thing cannot be known without doing it,
    and ``pull_check_mode_behavior`` says how it counts: whether a pull brings another image.
Recreating
    The peers remove the old container and then create the new one. Here the old one is renamed and kept until the new
    one runs, and has come to what ``state: healthy`` and ``wait_for`` ask for; otherwise it comes back and runs
    again, and the task fails. Named volumes are kept, anonymous ones with ``keep_volumes``. A container that others
    use (``network_mode: container:…``, ``volumes_from`` and the like) is not recreated: the task fails with their
    names. A run that was cut in the middle is put right by the next one.
Changing without recreating
    Networks on every engine; memory, CPUs, PIDs and the restart policy where the engine can. What turns out not to
    have been taken recreates the container.
Whose container it is
    A name in a task is consent: a container that was made in another way is compared, changed and removed like any
    other, and never recreated only to be ours. With ``adopt: false`` it is left alone, and the task fails.
    ``container.created_by_us`` in results says which is which.
Comparing
    Equal meaning is equal: ``512m`` and ``536870912``, ``app`` and ``app:latest``, ``NET_ADMIN`` and
    ``CAP_NET_ADMIN``. What a task does not say is not compared, and the image's defaults are part of what it says.
Secrets
    Values of environment variables, labels and log options whose names look secret (by whole words: ``PASSWORD``,
    ``TOKEN``, ``SECRET``, ``KEY`` …), and passwords in URLs, are masked in results, diffs, messages, log ends and at
    ``-vvvvv``, also where they turn up elsewhere, as they are or as JSON, a URL or a shell writes them. Values of
    less than 4 characters, and words such as ``true``, are masked under their names only.
``no_log``
    A task with ``no_log: true`` also says nothing at ``-vvv``, has no warnings, and fails with a message that names
    the kind of error only, because Ansible shows these all the same. What is registered has the rest in ``error``.
Failures
    Name what was tried, the engine's words, what mends it, and the end of the container's log, and have a kind that a
    playbook can ask for; see :ref:`the page of errors <ansible_collections.sshfleet.containers.docsite.errors>`. A
    host that cannot be reached is UNREACHABLE, as with any module.
Module defaults
    ``module_defaults`` take the group ``group/sshfleet.containers.remote``. The environment variables
    ``DOCKER_HOST``, ``DOCKER_TLS`` and so on, and the user's Docker configuration with its credentials, are not read.
"""

BESIDE = """\
Beside the peers in one playbook
--------------------------------

A playbook can move over task by task, and each of its containers may be in the hands of either. Nothing is recreated
where nothing differs:

- What docker_container, podman_container or Compose has made, ``remote_container`` finds unchanged where the task asks
  for the same in its own words, also with ``comparisons: {"*": strict}``.
- What ``remote_container`` has made on Docker, docker_container finds unchanged, too. It compares labels strictly only
  where it is told to, and then the label ``sshfleet.containers.created`` is one too many.

What has to be known:

- podman_container compares with the command line that has made a container. One that was made through the API has none,
  so that podman_container recreates what ``remote_container`` has made.
- A container of a Compose project that is recreated here loses Compose's labels, and is no more part of the project:
  change its options in the project.
- ``healthcheck: {test: NONE}`` is a command of that name to docker_container, and no check at all here.
  ``test: [NONE]`` is the same for both.
"""

RETURN_TEXT = """\
A result has one of two formats, and ``result_format`` says which, as an option, in ``module_defaults``, as a variable,
in the environment or in ``ansible.cfg``.

``engine`` is for playbooks that were written for community.docker: they register results and read them as before, and
nothing has to be changed in them. What is read is the engine's own description of things, as the peer gives it:

.. code-block:: yaml

    - hosts: web
      module_defaults:
        group/sshfleet.containers.remote:
          result_format: engine
      tasks:
        - sshfleet.containers.remote_container:   # was: community.docker.docker_container
            name: shop
            image: registry.example.com/shop:1.4
          register: shop

        - ansible.builtin.debug:
            msg: "{{ shop.container.NetworkSettings.IPAddress }} since {{ shop.container.State.StartedAt }}"

``container``, ``network``, ``volume`` and ``image`` are inspects; info modules give the single one beside a list. As
with the peer, ``actions`` are there in check mode only, ``diff`` in diff mode, and there is no ``container`` after
``state: absent``. These are different all the same:

- Secrets are masked, as they are everywhere here (``mask_env: false`` on info modules shows them).
- Messages are this collection's own, but for a few that playbooks are known to ask for, and a failure has ``error``
  beside its ``msg``.
- The steps of a plan are told as one action for each request; a step that the peer does not have, such as the end of a
  recreation that was interrupted, is told as ``action`` and ``reason``.
- What the peer's smaller modules for images tell beside ``image`` is not there, because remote_image gives the result
  of docker_image: ``tagged_images``, ``deleted`` and ``untagged``, ``image_names``, ``command``. So is not
  ``image.push_status``. ``diff`` is that of docker_image_pull.
- remote_engine_info gives ``host_info``, ``can_talk_to_docker`` and ``disk_usage`` of docker_host_info; lists of
  containers, images, networks and volumes come from the info modules here.
- remote_prune and remote_container_copy out of a container have no such result with the peer in check mode, or at all:
  they tell it in the same shape.
- ``auto_remove`` with ``detach: false`` gives no exit code (``status`` is null) where the engine has removed the
  container before it was looked at.
- On Podman, what is told of a container is Podman's description in Docker's words, with what that leaves out or calls
  otherwise as on Docker: ``HostConfig.NetworkMode`` names the network where it is the only one, its own network
  ``podman`` is called ``bridge`` (which no network of Podman's can be), ``State.Status`` has Docker's words, and
  ``IPAMConfig`` has the addresses that the task has given.

``unified``, the default, is for new playbooks: one shape for Podman and Docker, with ``actions`` (what was done, and
why) and ``engine`` in every result. A playbook for docker_container then reads other names. ``container`` is null and
not empty where there is none; ``status`` is the same.
"""

PODMAN_TEXT = """\
All options of podman_container {version}. Where nothing is said the values are the same.
"""

PODMAN_RESULTS = """\
From containers.podman: results
-------------------------------

What the peer's own integration tests read, and what becomes of it:

- ``stdout`` and ``stderr`` of ``detach: false`` are one text, ``output``.
- ``podman_actions``, the peer's command lines, are ``actions``, of which each says what is done to which thing.
- ``podman_systemd`` and ``podman_quadlet`` are not there: ``remote_quadlet`` returns its unit.
- ``container`` has the shape of both engines, or with ``result_format: engine`` the API's, which is Docker's. What only
  ``podman inspect`` has, such as ``ImageName``, ``Rootfs``, ``BoundingCaps`` and ``Config.CreateCommand``, is in
  neither. After ``state: absent`` there is no ``container``, where the peer returns an empty one.
- ``pod``, and ``pods`` of ``remote_pod_info``, have one shape with either ``result_format``, and not that of ``podman
  pod inspect``: ``state`` for ``State``, and no ``InfraConfig``.
- ``secrets`` of ``remote_secret_info`` never hold what a secret holds (``SecretData``).
- Messages of failures are others. ``error.kind`` is made to be asked for.

A task of the peers is compared as a whole, by the command line that has made a container or a pod: what a task does not
say any more, they take for the default, and recreate. Here, what a task does not say stays as it is; give the default
itself, such as an empty list with ``comparisons`` of ``strict``, to have it back.
"""

MODULES_TEXT = """\
What is different in them:
"""

INFO_MODULES_DIFFER = "- Every info module takes ``query`` (JMESPath)."

MODULES_END = """\
Quadlets are a module of their own, ``remote_quadlet``: it takes the options of ``remote_container``, or a file, and has
the unit that systemd makes of it started and restarted (:ref:`Quadlets
<ansible_collections.sshfleet.containers.docsite.quadlets>`). ``state: quadlet`` of the peers, which writes a file only,
is its ``state: present``.

There is nothing here for Swarm, and systemd units are made of quadlets only. The peers' modules can go on managing
those on the same hosts: both work on the same engine.
"""

ENGINES_TEXT = """\
What an engine does not support is refused with its name and version before anything is touched, never ignored. Which
options that is about, and what else Podman and Docker differ in, is
:ref:`a page of its own <ansible_collections.sshfleet.containers.docsite.engines>`.
"""
