#!/usr/bin/env python3
"""Makes the two small files that server/tests/services.rs reads: places of documentation networks, and a file of
something else. Needs `pip install mmdb_writer`.

    scripts/places.py server/tests/data
"""
import sys

from mmdb_writer import MMDBWriter
from netaddr import IPSet

folder = sys.argv[1]


def named(**names):
    return {"names": names}


TEXT = {"ru": "Сети для примеров", "en": "Networks for examples"}
places = MMDBWriter(6, "Example-City-Lite", ["ru", "en"], TEXT, ipv4_compatible=True)
russia = named(ru="Россия", en="Russia")
places.insert_network(IPSet(["203.0.113.0/25"]), {"city": named(ru="Казань", en="Kazan"), "country": russia})
region = [named(en="Moscow Oblast")]
places.insert_network(IPSet(["203.0.113.128/25"]), {"subdivisions": region, "country": named(ru="Россия")})
places.insert_network(IPSet(["2001:db8:1::/48"]), {"country": named(en="Serbia")})
places.to_db_file(f"{folder}/places.mmdb")

networks = MMDBWriter(4, "Example-ASN", ["en"], {"en": "Networks for examples"})
networks.insert_network(IPSet(["203.0.113.0/24"]), {"autonomous_system_number": 64496})
networks.to_db_file(f"{folder}/networks.mmdb")
