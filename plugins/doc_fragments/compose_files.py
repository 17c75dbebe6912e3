# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of modules that read compose files."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - jsonschema (Python package, on the controller)
options:
  path:
    description:
      - Compose files on the controller. Each one is laid over those before it.
      - A directory stands for the C(compose.yaml), C(compose.yml), C(docker-compose.yml) or C(docker-compose.yaml) in
        it, or else in the nearest directory above it, and for the override file beside that
        (C(compose.override.yml) and the like).
      - A relative path counts from the playbook's directory.
      - One of O(path) and O(content) is needed.
    type: list
    elements: path
    aliases:
      - files
  content:
    description: The text of a compose file.
    type: str
  project_directory:
    description:
      - The directory that relative paths in the files count from, and in which C(.env) is.
      - Without it, it is the directory of the first file; with O(content), that of the playbook.
    type: path
  project_name:
    description:
      - The project's name. Without it, it is the value of the variable C(COMPOSE_PROJECT_NAME), else C(name) of the
        last file that has one, else the name of the project's directory.
    type: str
  profiles:
    description:
      - The profiles that are on; V(*) stands for all. A service without profiles always is.
      - Without it, they are those in the variable C(COMPOSE_PROFILES), separated by commas.
    type: list
    elements: str
  services:
    description:
      - Only these services and those they depend on. A service that is named is on, whatever its profiles; those
        it depends on need theirs.
    type: list
    elements: str
  env:
    description:
      - Variables for C(${...}) in the files. They win over all files of variables, as those of a shell do with
        C(docker compose).
      - C(PWD) is the project's directory if it is not given here.
    type: dict
  inherit_env:
    description:
      - Whether the variables of Ansible's own process on the controller count, too; O(env) wins over them.
      - They are left out by default, so that files mean the same whoever runs the playbook.
    type: bool
    default: false
  env_files:
    description:
      - Files of variables for C(${...}); a later one wins over an earlier one. Relative paths count from the
        playbook's directory.
      - Without it, C(.env) in the project's directory is read if it is there.
    type: list
    elements: path
"""
