# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The labels by which this collection, and docker compose, know what they have made."""

from __future__ import annotations

# All of ours begin so.
OWN_PREFIX = "sshfleet.containers."
# The label on containers that this collection has created. It can't be changed later, and never counts as drift.
CREATED_LABEL = "sshfleet.containers.created"
# Digests of the options that the engine does not report, see applied.py.
APPLIED_LABEL = "sshfleet.containers.applied"
CREATED_LABELS = {CREATED_LABEL: "true"}

# The project of remote_containers that something belongs to.
PROJECT_LABEL = "sshfleet.containers.project"

REPLACES_LABEL = "sshfleet.containers.replaces"

# By these docker compose knows what belongs to a project; source: ``pkg/api/labels.go`` of docker compose 5.5.0.
COMPOSE_PREFIX = "com.docker.compose."
COMPOSE_PROJECT_LABEL = f"{COMPOSE_PREFIX}project"
COMPOSE_SERVICE_LABEL = f"{COMPOSE_PREFIX}service"
