"""Who may configure the pillars. Everyone may read them."""

import rules

from bethune_smartcity.accounts.rules import is_administrator, is_agent

rules.add_perm("pillars.see_pillars", is_agent | is_administrator)
rules.add_perm("pillars.manage_pillars", is_agent | is_administrator)
