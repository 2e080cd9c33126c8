"""French words by what changes from one form to the next: the labelled list of the tests."""

_VERBS = """
accepter accompagner accoucher adapter aider aimer animer appeler approuver assister attribuer
blesser brûler cacher chercher classer composer confier consulter coter couper cultiver délaisser
demander déposer dépister désigner dispenser donner dresser écouter éclairer éloigner engager
équiper évaluer exposer fermer financer former fragiliser garder garer habiter hospitaliser imposer
informer installer inviter isoler jeter juger laver libérer limiter loger manquer marquer mesurer
mobiliser motiver mutualiser noter observer opérer organiser orienter partager passer peser piquer
placer porter préparer prolonger proposer protéger ramener refuser regrouper remplacer renouveler
repérer reporter respecter rassurer saluer séparer signaler soigner soulager taper tester traiter
transporter vacciner valider verser visiter voler
"""
VERBS = _VERBS.split()

_NOUNS = """
accompagnement accueil adolescent aidant ambulance annuaire antenne arrêté atelier bénévole besoin
cabinet campagne canton centre chantier chemin chirurgien citoyen clinique commune conférence
consultation contrat cuisine danger débat délai demande dentiste départ désert diagnostic difficulté
directive domicile donnée dossier douleur droit échange école égalité élève enfant enquête équipe
établissement étape expérience famille femme formation fragilité frontière garde groupe guichet
handicap hébergement homme horaire idée indicateur initiative interne jardin kilomètre lycée maladie
maison maternité médecin médicament mission naissance obstacle ordonnance parcours patient pharmacie
plateforme praticien prévention projet quartier question remplacement repas réseau santé secteur
spécialiste stagiaire structure téléphone territoire urgence usager vaccin village voisin zone
"""
NOUNS = [noun for noun in _NOUNS.split() if not noun.endswith(("s", "x", "au"))]

_IN_AL = """
amical animal brutal canal capital cardinal cheval central colonial communal conjugal cordial
cristal départemental décimal dorsal familial fiscal fluvial frontal fédéral global général
gouvernemental hormonal horizontal hôpital idéal illégal infernal initial intégral interrégional
journal latéral libéral local loyal légal marginal maximal médical mental minimal minéral moral
mondial municipal musical métal national normal occidental oral oriental original parental patronal
postal principal rival royal rural régional sentimental signal social spécial syndical territorial
total tribunal tropical vertical verbal vital vocal végétal
"""
IN_AL = _IN_AL.split()

_IN_IER = """
ambulancier aumônier brancardier caissier cavalier chancelier charcutier charpentier couturier
créancier cuisinier côtier dernier dépensier douanier droitier écolier entier épicier fermier
fiduciaire financier foncier forestier grossier héritier hospitalier hôtelier huissier immobilier
infirmier irrégulier jardinier journalier laitier meurtrier minier mobilier nourricier ordurier
ouvrier particulier pâtissier poissonnier policier pompier postier premier printanier
prisonnier rancunier régulier rentier romancier roturier routier saisonnier sorcier singulier
tenancier teinturier trésorier usurier vacancier extrahospitalier
"""
IN_IER = [word for word in _IN_IER.split() if word.endswith("ier")]

_IN_E_ITE = """
accessible/accessibilité adverse/adversité agile/agilité authentique/authenticité
austère/austérité célèbre/célébrité compatible/compatibilité complémentaire/complémentarité
complexe/complexité comptable/comptabilité débile/débilité dense/densité disponible/disponibilité
diverse/diversité docile/docilité durable/durabilité efficace/efficacité élastique/élasticité
électrique/électricité éligible/éligibilité facile/facilité fertile/fertilité fiable/fiabilité
flexible/flexibilité fragile/fragilité futile/futilité hostile/hostilité humide/humidité
immense/immensité immobile/immobilité insalubre/insalubrité intense/intensité inutile/inutilité
juvénile/juvénilité laïque/laïcité lisible/lisibilité mobile/mobilité périodique/périodicité
perméable/perméabilité plastique/plasticité populaire/popularité possible/possibilité
précaire/précarité probable/probabilité prospère/prospérité rapide/rapidité rentable/rentabilité
responsable/responsabilité scolaire/scolarité sensible/sensibilité sévère/sévérité
similaire/similarité sincère/sincérité solidaire/solidarité solvable/solvabilité
spécifique/spécificité stable/stabilité stérile/stérilité timide/timidité toxique/toxicité
tranquille/tranquillité utile/utilité valide/validité variable/variabilité viable/viabilité
visible/visibilité volatile/volatilité vulnérable/vulnérabilité
"""
IN_E_ITE = [tuple(pair.split("/")) for pair in _IN_E_ITE.split()]

_IN_ATION = """
accélérer accepter activer adapter administrer agiter améliorer animer centraliser citer collaborer
concentrer conserver consulter créer déclarer dériver élaborer évaluer expérimenter explorer
finaliser former fédérer généraliser hospitaliser illustrer imiter implanter improviser informer
innover installer intégrer inviter libérer limiter localiser mobiliser moderniser motiver mutualiser
médicaliser normaliser numériser observer opérer organiser orienter préparer privatiser réaliser
réguler réhabiliter rémunérer rénover réparer restaurer réserver sensibiliser séparer simuler
socialiser spécialiser stériliser stimuler utiliser vacciner valoriser
"""
IN_ATION = _IN_ATION.split()

_IN_IF = """
actif administratif adoptif affectif agressif associatif attentif captif chétif cognitif collectif
constructif consultatif coopératif créatif curatif décisif défensif destructif digestif directif
dépressif effectif excessif exclusif expressif extensif festif fugitif impulsif incitatif inclusif
informatif instructif intensif intuitif législatif maladif massif natif naïf négatif normatif
nutritif objectif offensif oisif palliatif participatif passif plaintif positif préventif primitif
productif progressif qualitatif quantitatif relatif représentatif répressif sédatif sélectif
significatif sportif subjectif successif tardif vif vindicatif éducatif exécutif
"""
IN_IF = _IN_IF.split()

_IN_EUR = """
balayeur blanchisseur bricoleur brodeur buveur campeur chanteur chercheur chroniqueur coiffeur
conteur coureur danseur demandeur démarcheur déménageur dépanneur dompteur dormeur éleveur
enquêteur entraîneur employeur footballeur frimeur fumeur graveur jongleur joueur livreur loueur
lutteur marcheur masseur menteur moqueur nageur parleur patineur pêcheur plongeur porteur prêteur
programmeur promeneur ramoneur rameur receveur recruteur rêveur rieur rôdeur serveur siffleur skieur
soigneur souffleur surfeur tourneur travailleur tricheur trompeur tueur veilleur vendeur visiteur
voleur voyageur
"""
IN_EUR = _IN_EUR.split()

_IN_TEUR = """
accompagnateur acteur administrateur agriculteur animateur apiculteur auditeur collaborateur
conducteur consommateur coordinateur créateur décorateur dessinateur directeur éditeur éducateur
électeur évaluateur explorateur facilitateur fondateur formateur initiateur inspecteur instituteur
instructeur interlocuteur inventeur lecteur libérateur médiateur modérateur moniteur narrateur
négociateur novateur observateur opérateur orateur organisateur préparateur présentateur producteur
programmateur promoteur prospecteur protecteur réalisateur rédacteur régulateur restaurateur
sénateur spectateur stimulateur traducteur tuteur utilisateur vérificateur viticulteur vulgarisateur
"""
IN_TEUR = _IN_TEUR.split()

PAIRS = {
    "pluriel en -s": [(noun, noun + "s") for noun in NOUNS],
    "-al, -aux": [(word, word[:-2] + "aux") for word in IN_AL],
    "-é, -ée": [(verb[:-2] + "é", verb[:-2] + "ée") for verb in VERBS],
    "-é, -ées": [(verb[:-2] + "é", verb[:-2] + "ées") for verb in VERBS],
    "-és, -ée": [(verb[:-2] + "és", verb[:-2] + "ée") for verb in VERBS],
    "-ier, -ière": [(word, word[:-2] + "ère") for word in IN_IER],
    "-e, -ité": IN_E_ITE,
    "-er, -ation": [(verb, verb[:-2] + "ation") for verb in IN_ATION],
    "-if, -ive": [(word, word[:-1] + "ve") for word in IN_IF],
    "-eur, -euse": [(word, word[:-1] + "se") for word in IN_EUR],
    "-teur, -trice": [(word, word[:-4] + "trice") for word in IN_TEUR],
}
"""Two forms of one word, by kind of change: at least 60 pairs each."""

WORDS = sorted({word for pairs in PAIRS.values() for pair in pairs for word in pair} | set(VERBS))
"""Every word of the list, once."""
