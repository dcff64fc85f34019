"""The DAGs of the project whose manifest IGARAPE_MANIFEST names, and those that look after its tables, for Airflow."""

import os

from igarape.alerts import Channels
from igarape.config import Config, freshness_grace
from igarape.factory import build_dags
from igarape.manifest import Manifest
from igarape.rebuild import build_rebuild_dag
from igarape.upkeep import build_upkeep_dags

Channels.from_environment(os.environ)  # a fault here would otherwise show when the first alert is lost
freshness_grace(os.environ)
_config = Config.from_environment(os.environ)

_manifest = Manifest.load(_config.manifest)

_upkeep = [build_rebuild_dag(_manifest, _config), *build_upkeep_dags(_manifest, _config)]
for _dag in [*build_dags(_manifest, _config), *_upkeep]:
    globals()[_dag.dag_id] = _dag
