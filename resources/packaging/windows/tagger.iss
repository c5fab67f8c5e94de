; The Windows installer, made by Inno Setup 6 from what `make bundle` put into dist\tagger:
;   iscc /DVersion=0.1.0 /DVariant=cpu resources\packaging\windows\tagger.iss
; Variant is part of the file's name only: `cpu`, or `gpu` for a bundle with CUDA.

#ifndef Version
  #error Say which version this is: /DVersion=0.1.0
#endif
#ifndef Variant
  #define Variant "cpu"
#endif

[Setup]
; The id ties updates together and must never change.
AppId={{6C0B6C55-3B0E-4C0C-9A54-5C8E2B7A1F3D}
AppName=tagger
AppVersion={#Version}
AppPublisher=The tagger authors
; For this user alone: no administrator is asked for.
PrivilegesRequired=lowest
DefaultDirName={localappdata}\Programs\tagger
DisableProgramGroupPage=yes
DefaultGroupName=tagger
LicenseFile=..\..\..\LICENSE
SetupIconFile=..\icons\tagger.ico
UninstallDisplayIcon={app}\tagger-gui.exe
OutputDir=..\..\..\dist
OutputBaseFilename=tagger-{#Version}-windows-{#Variant}
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
Compression=lzma2/fast
SolidCompression=no
; A bundle with CUDA is larger than one setup file may be (about 4.2 GB).
#if Variant == "gpu"
DiskSpanning=yes
DiskSliceSize=2000000000
#endif
WizardStyle=modern
; An update replaces files that an open window would hold.
CloseApplications=yes
ChangesEnvironment=yes

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "path"; Description: "Let the command line find tagger"; Flags: unchecked

[InstallDelete]
; Libraries of an older version must not be found by a newer one.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\..\dist\tagger\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{userprograms}\tagger"; Filename: "{app}\tagger-gui.exe"; AppUserModelID: "tagger"
Name: "{userdesktop}\tagger"; Filename: "{app}\tagger-gui.exe"; Tasks: desktopicon

[Registry]
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; \
    ValueData: "{olddata};{app}"; Tasks: path; Check: IsNotOnPath

[Run]
Filename: "{app}\tagger-gui.exe"; Description: "{cm:LaunchProgram,tagger}"; \
    Flags: nowait postinstall skipifsilent

[Code]
function UserPath: string;
begin
  if not RegQueryStringValue(HKCU, 'Environment', 'Path', Result) then
    Result := '';
end;

function IsNotOnPath: Boolean;
begin
  Result := Pos(';' + Uppercase(ExpandConstant('{app}')) + ';', ';' + Uppercase(UserPath) + ';') = 0;
end;

{ What was added to the path goes with the program. The library with its decisions stays. }
procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Before: string;
begin
  if Step <> usPostUninstall then
    exit;
  Before := UserPath;
  if StringChangeEx(Before, ';' + ExpandConstant('{app}'), '', True) > 0 then
    RegWriteExpandStringValue(HKCU, 'Environment', 'Path', Before);
end;
