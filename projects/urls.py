from django.urls import path

from projects.views import agent, cards, followup, public, replication

app_name = "projects"

urlpatterns = [
    path("projets/", public.Showcase.as_view(), name="list"),
    path("projets/carte.png", cards.ShowcaseCard.as_view(), name="list-card"),
    path("projets/<slug:slug>/carte.png", cards.ProjectCard.as_view(), name="card"),
    path("projets/<slug:slug>/", public.ProjectPage.as_view(), name="detail"),
    path("repliquer/", replication.Replicate.as_view(), name="replicate-any"),
    path("repliquer/merci/", replication.ReplicateDone.as_view(), name="replicate-done"),
    path("projets/<slug:slug>/repliquer/", replication.Replicate.as_view(), name="replicate"),
    path("projets/<slug:slug>/dossier/", replication.Dossier.as_view(), name="dossier"),
    path("projets/<slug:slug>/suivi/photo/", followup.SendPhoto.as_view(), name="send-photo"),
    path("projets/<slug:slug>/suivi/", followup.FollowUp.as_view(), name="followup"),
    path("projets/<slug:slug>/suivi/nouvelle/", followup.PostUpdate.as_view(), name="post-update"),
    path("projets/<slug:slug>/suivi/etapes/<int:pk>/", followup.ReportMilestone.as_view(), name="report"),
    path(
        "projets/<slug:slug>/suivi/versements/<int:pk>/",
        followup.RequestPayment.as_view(),
        {"act": "request"},
        name="request",
    ),
    path("gestion/repliquer/", replication.Requests.as_view(), name="requests"),
    path("gestion/repliquer/<int:pk>/", replication.RequestPage.as_view(), name="replication"),
    path("gestion/repliquer/<int:pk>/clore/", replication.CloseRequest.as_view(), name="close-request"),
    path("gestion/repliquer/<int:pk>/effacer/", replication.EraseContact.as_view(), name="erase-contact"),
    path("gestion/projets/", agent.Board.as_view(), name="board"),
    path("gestion/projets/ouvrir/<int:pk>/", agent.OpenIncubation.as_view(), name="open"),
    path("gestion/projets/<slug:slug>/", agent.Describe.as_view(), name="describe"),
    path("gestion/projets/<slug:slug>/etapes/", agent.AddMilestone.as_view(), name="add-milestone"),
    path("gestion/projets/<slug:slug>/versements/", agent.AddPayment.as_view(), name="add-payment"),
    path("gestion/projets/<slug:slug>/mentors/", agent.AppointMentor.as_view(), name="appoint"),
    path("gestion/projets/<slug:slug>/<slug:act>/", agent.Advance.as_view(), name="advance"),
    path("gestion/projets/<slug:slug>/etapes/<int:pk>/<slug:act>/", agent.JudgeMilestone.as_view(), name="milestone"),
    path("gestion/projets/<slug:slug>/photos/<int:pk>/<slug:act>/", agent.JudgePhoto.as_view(), name="photo"),
    path("gestion/projets/<slug:slug>/versements/<int:pk>/<slug:act>/", agent.JudgePayment.as_view(), name="payment"),
]
