"""What the clients of the `pages` bench read: the pages of a user who looks around.

Addresses are read from the site itself (lists and searches), so that the same file serves the
fictional department and the whole country.
"""

import itertools
import random
import re

from locust import FastHttpUser, constant, events, task

LINK = re.compile(r'href="(/territoires/([a-z-]+)/[0-9A-Z]{2,9}(?:-[^"#?/]*)?/)"')
SEARCHES = (
    "oloron",
    "Olron",
    "64400",
    "st jean de luz",
    "saint",
    "la",
    "departement du gers",
    "zzzz",
)
INITIATIVES = (
    "",
    "page=7",
    "q=prévention",
    "q=médcin+infirmière",
    "q=hôpital&theme=prevention",
    "theme=digital&theme=training",
    "avancement=idea&tri=titre",
    "annee_de=2015&annee_a=2020&tri=annee",
)
KINDS = (
    "commune",
    "intercommunalite",
    "departement",
    "region",
    "bassin-de-vie",
    "zone-d-emploi",
)

_profiles: dict[str, list[str]] = {}


@events.test_start.add_listener
def collect_profiles(environment, **_):
    """Gather addresses of profiles, kind by kind, before the clock starts."""
    from urllib.error import HTTPError
    from urllib.request import urlopen

    pages = [f"/territoires/{kind}/" for kind in KINDS]
    pages += [f"/territoires/{kind}/?page={page}" for kind in KINDS for page in (2, 7)]
    for address in pages:
        try:
            with urlopen(environment.host + address) as answer:
                text = answer.read().decode()
        except HTTPError:
            continue
        for link, kind in LINK.findall(text):
            _profiles.setdefault(kind, []).append(link)
    _profiles["pays"] = ["/territoires/pays/FR-france/"]
    if "commune" not in _profiles:
        raise RuntimeError("The site lists no commune: is there a store?")


class Reader(FastHttpUser):
    """A health officer in a hurry."""

    wait_time = constant(0)

    def on_start(self):
        self.random = random.Random(next(_seeds))

    def read(self, address, name):
        with self.client.get(address, name=name, catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code} at {address}")

    def profile(self, kind):
        links = _profiles.get(kind)
        if links:
            self.read(self.random.choice(links), f"profile of a {kind}")

    @task(2)
    def home(self):
        self.read("/", "home")

    @task(3)
    def search(self):
        self.read(f"/recherche/?q={self.random.choice(SEARCHES)}", "search")

    @task(6)
    def commune(self):
        self.profile("commune")

    @task(3)
    def epci(self):
        self.profile("intercommunalite")

    @task(2)
    def department(self):
        self.profile("departement")

    @task(1)
    def region(self):
        self.profile("region")

    @task(1)
    def living_zone(self):
        self.profile("bassin-de-vie")

    @task(1)
    def employment_zone(self):
        self.profile("zone-d-emploi")

    @task(1)
    def nation(self):
        self.profile("pays")

    @task(1)
    def showcase(self):
        address = self.random.choice(_profiles["intercommunalite"])
        self.read(f"{address}vitrine/", "showcase of an intercommunalite")

    @task(1)
    def communes_of_a_department(self):
        address = self.random.choice(_profiles["departement"])
        self.read(f"{address}communes/?page=2", "communes of a departement")

    @task(1)
    def compare(self):
        one, other = (self.random.choice(_profiles["departement"]).split("/") for _ in range(2))
        pair = "&".join(f"t={kind}:{name.split('-')[0]}" for kind, name in (one[2:4], other[2:4]))
        self.read(f"/comparer/?{pair}", "comparison")

    @task(2)
    def map(self):
        self.read("/carte/", "national map")

    @task(2)
    def list(self):
        self.read(f"/carte/liste/?page={self.random.randint(1, 5)}", "national list")

    @task(2)
    def simulate(self):
        link = self.random.choice(_profiles["commune"])
        code = re.search(r"/commune/(\w{5})", link).group(1)
        self.read(f"/simuler/?m=gp:{code}:2", "what-if")

    @task(4)
    def initiatives(self):
        self.read(f"/initiatives/?{self.random.choice(INITIATIVES)}", "list of initiatives")

    @task(1)
    def sources(self):
        self.read("/sources/", "sources")

    @task(1)
    def index(self):
        page = self.random.randint(1, 200)
        self.read(f"/territoires/?page={page}&type=commune", "index of communes")

    @task(1)
    def guide(self):
        self.read("/guide/lire-un-profil/", "guide")


_seeds = itertools.count(1)
