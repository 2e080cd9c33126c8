"""Where allauth looks for identity providers: by this name, in each application."""

from maillage.web.accounts.identity.providers import ProConnectProvider, ProSanteConnectProvider

provider_classes = [ProConnectProvider, ProSanteConnectProvider]
