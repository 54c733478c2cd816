"""The cache of one test process on a server that several share with brokers."""

from django.core.cache.backends.redis import RedisCache


class OwnKeys(RedisCache):
    """Django's clears the whole database of the server: the counts of other processes and the broker's messages too."""

    def clear(self) -> bool:
        """Forget what this process keeps, and nothing else. Returns True, as Django's does."""
        server = self._cache.get_client(None, write=True)
        kept = list(server.scan_iter(match=f"{self.key_prefix}:*"))
        return bool(server.delete(*kept)) if kept else True
