@echo off
rem Starts jllm on Windows: finds Java and runs the program. Untested.
setlocal
for %%i in ("%~dp0..") do set "DIST=%%~fi"
set "JAVA_EXE=java"
if defined JAVA_HOME set "JAVA_EXE=%JAVA_HOME%\bin\java.exe"
if defined JAVA_HOME if not exist "%JAVA_EXE%" (
    echo jllm: JAVA_HOME is %JAVA_HOME%, but there is no bin\java.exe in it; correct or unset it 1>&2
    exit /b 1
)
if not defined JAVA_HOME where java >nul 2>nul || (
    echo jllm: Java is missing: install a JDK or JRE from 17 on 1>&2
    exit /b 1
)
set "OPT_OUT_TRACKING=true"
"%JAVA_EXE%" -XX:+UseSerialGC -Xshare:auto ^
    -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 ^
    -Dsun.stdout.encoding=UTF-8 -Dsun.stderr.encoding=UTF-8 ^
    --enable-native-access=ALL-UNNAMED ^
    "-Djllm.home=%DIST%" "-Djllm.models=%DIST%\models.yaml" ^
    %JLLM_JAVA_OPTIONS% ^
    -cp "%DIST%\lib\*" org.jllm.cli.Main %*
exit /b %ERRORLEVEL%
