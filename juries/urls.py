"""The jury's addresses: what jurors read and mark, how agents organise it, then its session and the public vote."""

from django.urls import path

from .views import agent, juror, public, voter

app_name = "juries"
urlpatterns = [
    path("jury/<int:pk>/", juror.Room.as_view(), name="room"),
    path("jury/<int:pk>/charte/", juror.AcceptCharter.as_view(), name="charter"),
    path("jury/<int:pk>/liens/", juror.Links.as_view(), name="links"),
    path("jury/<int:pk>/deport/", juror.LeaveSession.as_view(), name="leave"),
    path("jury/<int:pk>/fiche/<uuid:submission>/", juror.SheetPage.as_view(), name="sheet"),
    path("jury/<int:pk>/fiche/<uuid:submission>/note/", juror.SaveMark.as_view(), name="mark"),
    path("jury/<int:pk>/fiche/<uuid:submission>/reprendre/", juror.TakeBack.as_view(), name="take-back"),
    path("jury/<int:pk>/fiche/<uuid:submission>/lien/", juror.DeclareLink.as_view(), name="declare-link"),
    path("gestion/appels/<slug:slug>/jurys/", agent.Panels.as_view(), name="panels"),
    path("gestion/jury/<int:pk>/", agent.Organise.as_view(), name="organise"),
    path("gestion/jury/<int:pk>/reglages/", agent.Configure.as_view(), name="configure"),
    path("gestion/jury/<int:pk>/jures/", agent.Seat.as_view(), name="seat"),
    path("gestion/jury/<int:pk>/jures/<int:juror>/", agent.ChangeSeat.as_view(), name="change-seat"),
    path("gestion/jury/<int:pk>/jures/<int:juror>/retirer/", agent.Unseat.as_view(), name="unseat"),
    path("gestion/jury/<int:pk>/plan/", agent.PlanReadings.as_view(), name="plan"),
    path("gestion/jury/<int:pk>/lecture/", agent.ChangeReading.as_view(), name="change-reading"),
    path("gestion/jury/<int:pk>/ouvrir/", agent.OpenSheets.as_view(), name="open"),
    path("gestion/jury/deports/<int:recusal>/", agent.AnswerRecusal.as_view(), name="answer-recusal"),
    path("vote/<slug:slug>/", voter.Vote.as_view(), name="vote"),
    path("vote/<slug:slug>/voter/", voter.Cast.as_view(), name="vote-cast"),
    path("vote/<slug:slug>/lien/<str:token>/", voter.Follow.as_view(), name="vote-link"),
    path("vote/<slug:slug>/merci/", voter.Done.as_view(), name="vote-done"),
    path("appels/<slug:slug>/resultats/", public.Results.as_view(), name="results"),
]
