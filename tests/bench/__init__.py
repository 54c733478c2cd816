"""The portal beside a floor: the same jobs done by a bare Django project, served alike, measured in pairs."""
